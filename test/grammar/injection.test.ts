import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { format } from 'prettier';
import { beforeAll, describe, expect, it } from 'vitest';
import oniguruma from 'vscode-oniguruma';
import textmate, { type IGrammar, type IRawGrammar } from 'vscode-textmate';
import { makeGrammar } from './make-grammar.ts';

const INJECTION = new URL('../../syntaxes/argocd-hooks.injection.json', import.meta.url);
const HOST = new URL('host.yaml-grammar.json', import.meta.url);

async function loadGrammar(): Promise<IGrammar> {
  const wasm = createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm');
  await oniguruma.loadWASM(readFileSync(wasm).buffer);
  const raw = (text: string): IRawGrammar => textmate.parseRawGrammar(text, 'grammar.json');
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns: string[]) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text: string) => new oniguruma.OnigString(text),
    }),
    loadGrammar: (scope) =>
      Promise.resolve(raw(scope === 'source.yaml' ? readFileSync(HOST, 'utf8') : JSON.stringify(makeGrammar()))),
    getInjections: (scope) => (scope === 'source.yaml' ? ['argocd-hooks.injection'] : []),
  });
  const grammar = await registry.loadGrammar('source.yaml');
  if (!grammar) throw new Error('the host grammar did not load');
  return grammar;
}

let grammar: IGrammar;
beforeAll(async () => {
  grammar = await loadGrammar();
});

const SHORT: readonly [RegExp, string][] = [
  [/^invalid\./, 'unknown'],
  [/^constant\.language\./, 'known'],
  [/^constant\.numeric\.wave/, 'wave'],
  [/^string\.unquoted\.option/, 'option'],
  [/^comment\./, 'comment'],
  [/^meta\.annotation-key\.argocd/, 'key'],
  [/^punctuation\.separator\.sequence/, 'comma'],
];

/** Each line with its tokens that have a color of ours, as `PreSync→known`; `-` where a line has none. */
function colored(text: string): string[] {
  let stack = textmate.INITIAL;
  return text.split('\n').map((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, stack);
    stack = ruleStack;
    const found = tokens.flatMap(({ startIndex, endIndex, scopes }) => {
      const ours = scopes.some((scope) => scope.endsWith('.argocd-hooks'));
      const short = SHORT.find(([pattern]) => scopes.some((scope) => pattern.test(scope)))?.[1];
      return ours && short ? [`${line.slice(startIndex, endIndex).trim()}→${short}`] : [];
    });
    return found.join(' ') || '-';
  });
}

const lines = (...annotations: string[]): string[] =>
  colored(['metadata:', '  annotations:', ...annotations.map((line) => `    ${line}`), '  name: x'].join('\n')).slice(
    2,
    -1,
  );

describe('the injection grammar', () => {
  it('is what the catalogue makes', async () => {
    const text = await format(JSON.stringify(makeGrammar()), { parser: 'json', printWidth: 120 });
    await expect(text).toMatchFileSnapshot(INJECTION.pathname);
  });

  it('tells known phases from unknown ones', () => {
    expect(
      lines(
        'argocd.argoproj.io/hook: PreSync',
        'argocd.argoproj.io/hook: "PreSync, PostSync,presync" # why',
        "helm.sh/hook: 'pre-install,test'",
        'argocd.argoproj.io/hook: Presync # PostSync',
        'argocd.argoproj.io/hook:',
      ),
    ).toEqual([
      'argocd.argoproj.io/hook→key PreSync→known',
      'argocd.argoproj.io/hook→key PreSync→known ,→comma PostSync→known ,→comma presync→unknown # why→comment',
      'helm.sh/hook→key pre-install→known ,→comma test→known',
      'argocd.argoproj.io/hook→key Presync→unknown # PostSync→comment',
      'argocd.argoproj.io/hook→key',
    ]);
  });

  it('tells waves from what is no integer', () => {
    expect(
      lines(
        'argocd.argoproj.io/sync-wave: "-5"',
        'argocd.argoproj.io/sync-wave: 3',
        'argocd.argoproj.io/sync-wave: "1.5"',
        'helm.sh/hook-weight: "+2"',
      ),
    ).toEqual([
      'argocd.argoproj.io/sync-wave→key -5→wave',
      'argocd.argoproj.io/sync-wave→key 3→wave',
      'argocd.argoproj.io/sync-wave→key 1.5→unknown',
      'helm.sh/hook-weight→key +2→wave',
    ]);
  });

  it('tells policies and options', () => {
    expect(
      lines(
        'argocd.argoproj.io/hook-delete-policy: BeforeHookCreation,HookSucceded',
        'helm.sh/hook-delete-policy: before-hook-creation',
        'argocd.argoproj.io/sync-options: Prune=false,Replace=false,Prune',
      ),
    ).toEqual([
      'argocd.argoproj.io/hook-delete-policy→key BeforeHookCreation→known ,→comma HookSucceded→unknown',
      'helm.sh/hook-delete-policy→key before-hook-creation→known',
      'argocd.argoproj.io/sync-options→key Prune=false→known ,→comma Replace=false→option ,→comma Prune→unknown',
    ]);
  });

  it('colors flow maps, and goes on with the host behind them', () => {
    expect(lines('x: {argocd.argoproj.io/hook: PreSync, argocd.argoproj.io/sync-wave: "5"}')).toEqual([
      'argocd.argoproj.io/hook→key PreSync→known argocd.argoproj.io/sync-wave→key 5→wave',
    ]);
  });

  it.each([
    'argocd.argoproj.io/hook: {{ .Values.phase }}',
    'argocd.argoproj.io/sync-wave: "${WAVE}"',
    'argocd.argoproj.io/hook: |',
    'argocd.argoproj.io/hook: &anchor PreSync',
    'argocd.argoproj.io/hook: *anchor',
    '# argocd.argoproj.io/hook: PreSync',
    'argocd.argoproj.io/hooks: PreSync',
    'example.com/argocd.argoproj.io/hook: PreSync',
  ])('leaves %s to the host', (line) => {
    expect(lines(line)).toEqual(['-']);
  });

  it('leaves block scalars alone', () => {
    const text =
      'data:\n  job.yaml: |\n    annotations:\n      argocd.argoproj.io/hook: PreSync\nargocd.argoproj.io/hook: Sync';
    expect(colored(text)).toEqual(['-', '-', '-', '-', 'argocd.argoproj.io/hook→key Sync→known']);
  });

  it('ends with the line, so that nothing below is colored by mistake', () => {
    expect(lines('argocd.argoproj.io/hook: PreSync', 'example.com/a: PreSync')).toEqual([
      'argocd.argoproj.io/hook→key PreSync→known',
      '-',
    ]);
  });

  // A pattern that backtracks would need more than the runner's patience.
  it('takes a line of many thousand letters', () => {
    const known = lines(`argocd.argoproj.io/hook: ${'PreSync,'.repeat(2_000)}`)[0] ?? '';
    expect(known.split('PreSync→known')).toHaveLength(2_001);
    expect(lines(`argocd.argoproj.io/hook: ${'a '.repeat(4_000)}`)).toHaveLength(1);
  });
});
