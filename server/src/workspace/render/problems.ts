import type { PlanProblem } from '../../core/plan/model.ts';
import { joinPath } from '../paths.ts';
import { lineOfDependency, type ChartPaths } from './helm-origins.ts';
import type { KustomizeInputs, RenderTree } from './kustomize-inputs.ts';
import { lineAt } from './kustomize-origins.ts';
import { referencesIn, type KustomizationFile } from './kustomization.ts';

const MAX_MESSAGE = 700;

/** How `kubectl` logs what ends it: a time, a process, its own source, and the error as one quoted text. */
const LOGGED =
  /^[EF]\d{4} [\d:.]+ +\d+ [^\s\]]+\] "command failed" err=(?:"((?:[^"\\]|\\.)*)"|<\n([\s\S]*?)\n[ \t]*>)/m;

function unlogged(message: string): string {
  const [, quoted, block] = LOGGED.exec(message) ?? [];
  return block ?? quoted?.replace(/\\(.)/g, (_, letter: string) => (letter === 'n' ? '\n' : letter)) ?? message;
}

/** What a tool said, without its trimmings. */
export function said(message: string): string {
  const text = unlogged(message)
    .replace(/^(?:WARNING|# Warning|level=warn).*$/gim, '')
    .replace(/\n*Use --debug flag to render out invalid YAML\s*$/, '')
    .replace(/^[\s\S]*?^Error: /m, '')
    .trim()
    .replace(/\s*\n\s*/g, ' ');
  return text.length > MAX_MESSAGE ? `${text.slice(0, MAX_MESSAGE - 1)}…` : text;
}

/** Why a source cannot be rendered; what follows from that is said by `consequence`. */
export const cannotRender = (tool: string, folder: string, why: string): string =>
  `${tool} cannot render ${folder === '.' ? 'this folder' : folder}: ${ended(why)}`;

/** A problem without a place. */
export const unplaced = ({ message, help }: PlanProblem): PlanProblem => ({ message, ...(help ? { help } : {}) });

/** What a source that cannot be rendered means for the plan. @param before it was rendered before */
export const consequence = (before: boolean): string =>
  `${before ? 'The plan shows what it came to before' : 'The plan shows its manifests as they are written, which may differ'}, and it is not synced from here.`;

/** The same for a chart of a registry, of which nothing lies here. */
export const chartConsequence = (before: boolean): string =>
  before ? consequence(true) : 'Its manifests are missing in the plan, and it is not synced from here.';

/** The same for what the rules find. */
export const LINTED_AS_WRITTEN =
  'Its manifests are checked as they are written, which may differ from what Argo CD applies.';

const ended = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);

/** `shop/templates/a.yaml:4:28 executing`, `(shop/templates/a.yaml:4:28)`, `template: shop/templates/a.yaml:3:13:`, `YAML parse error on shop/templates/a.yaml:`. */
const IN_TEMPLATE = /(?:^|\(|template: |error on |file )([^\s():]+\.[A-Za-z]+)(?::(\d+))?/;

/** Why Helm failed, led back to the template, values file or dependency that it names. */
export async function helmProblem(
  message: string,
  folder: string,
  { tree, paths }: { tree: RenderTree; paths: ChartPaths },
): Promise<PlanProblem> {
  const why = said(message);
  const chart = joinPath(folder, 'Chart.yaml');
  const missing = /missing in charts\/ directory: ([^,\s]+)/.exec(why)?.[1];
  if (missing !== undefined) {
    const line = lineOfDependency((await tree.read(chart)) ?? '', missing);
    return { file: chart, line, message: cannotRender('Helm', folder, missingDependencies(why, folder)) };
  }
  const told = cannotRender('Helm', folder, why);
  for (const match of why.matchAll(new RegExp(IN_TEMPLATE, 'g'))) {
    const file = await paths.pathOf(match[1] ?? '');
    if (file !== undefined) return { file, line: Number(match[2] ?? 1), message: told };
  }
  const [, values, line] = /failed to parse (\S+?):(?:.*?\bline (\d+))?/.exec(why) ?? [];
  if (values !== undefined && (await tree.entry(values)) === 'file')
    return { file: values, line: Number(line ?? 1), message: told };
  return { file: chart, line: 1, message: told };
}

const missingDependencies = (why: string, folder: string): string =>
  `${/directory: (.*)$/.exec(why)?.[1] ?? 'charts that it depends on'} is missing in its folder charts. Run \`helm dependency build ${folder}\` once.`;

/** Why kustomize failed, led back to the file that it names, or to the line that lists what it could not read. */
export async function kustomizeProblem(
  message: string,
  folder: string,
  { kustomizations, files }: KustomizeInputs,
): Promise<PlanProblem> {
  const why = said(message);
  const told = cannotRender('kustomize', folder, `${ended(why)}${optionHint(why)}`);
  const malformed = /yaml: line (\d+): .*? in File: (\S+)/.exec(why);
  const file = malformed && files.find((path) => path === malformed[2] || path.endsWith(`/${malformed[2]}`));
  if (file) return { file, line: Number(malformed?.[1] ?? 1), message: told };
  const root = kustomizations.get(folder);
  const field = /unknown field "([^"]+)"/.exec(why)?.[1];
  for (const kustomization of kustomizations.values()) {
    if (field !== undefined && Object.hasOwn(kustomization.value, field))
      return { file: kustomization.path, line: lineOfKey(kustomization, field), message: told };
  }
  const named = lastNamed(why, [...kustomizations.values()]);
  if (named) return { ...named, message: told };
  return { file: root?.path ?? folder, line: 1, message: told };
}

/** What a kustomization needs of the build that Argo CD does not do either unless its settings say so. */
function optionHint(why: string): string {
  const option = /must specify --enable-helm/.test(why)
    ? '--enable-helm'
    : /is not in or below/.test(why)
      ? '--load-restrictor LoadRestrictionsNone'
      : undefined;
  return option === undefined
    ? ''
    : ` Argo CD builds it only where kustomize.buildOptions in its ConfigMap argocd-cm holds ${option}: write the same into the setting argocdHooks.render.kustomizeBuildOptions.`;
}

/** The entry of a kustomization whose text kustomize repeats: the innermost one is named last. */
function lastNamed(
  why: string,
  kustomizations: readonly KustomizationFile[],
): { file: string; line: number } | undefined {
  let best: { file: string; line: number; at: number } | undefined;
  for (const { path: file, text, value } of kustomizations) {
    for (const reference of referencesIn(value)) {
      const at = Math.max(why.lastIndexOf(`'${reference.text}'`), why.lastIndexOf(`/${reference.text}'`));
      if (at > (best?.at ?? -1)) best = { file, line: lineAt(text, reference.path), at };
    }
  }
  return best && { file: best.file, line: best.line };
}

function lineOfKey({ text }: KustomizationFile, key: string): number {
  const at = text.split('\n').findIndex((line) => line.startsWith(`${key}:`));
  return at < 0 ? 1 : at + 1;
}
