import { afterEach, describe, expect, it } from 'vitest';
import type {
  ClientCapabilities,
  CodeLens,
  CompletionList,
  DocumentHighlight,
  DocumentLink,
  InlayHint,
  Location,
  SymbolInformation,
} from 'vscode-languageserver';
import { FULL, job, ROOT, TestSession, type SessionOptions } from './harness.ts';

let open: TestSession[] = [];
afterEach(async () => {
  await Promise.all(open.map((session) => session.end().catch(() => undefined)));
  open = [];
});

async function session(options: SessionOptions = {}): Promise<TestSession> {
  const started = new TestSession({ capabilities: MODERN, ...options });
  open.push(started);
  return started.start();
}

const MODERN: ClientCapabilities = {
  workspace: { ...FULL.workspace, inlayHint: { refreshSupport: true } },
  textDocument: { ...FULL.textDocument, inlayHint: {}, documentLink: { tooltipSupport: true } },
};

const MIGRATE = `${job('migrate', 'argocd.argoproj.io/hook: PreSync\nargocd.argoproj.io/sync-wave: "-1"')}spec:
  template:
    spec:
      serviceAccountName: migrator
      containers:
        - name: migrate
          envFrom:
            - configMapRef:
                name: settings
`;
const SETTINGS = `${job('settings', 'argocd.argoproj.io/sync-wave: "1"', 'ConfigMap')}`;
const WEB = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      volumes:
        - name: settings
          configMap:
            name: settings
`;
const FILES = { 'migrate.yaml': MIGRATE, 'settings.yaml': SETTINGS, 'web.yaml': WEB };

/** `web.yaml:3:8 web`: where a location is, and the text there. */
const shown = (locations: readonly Location[], files: Record<string, string> = FILES): string[] =>
  locations.map(({ uri, range }) => {
    const path = uri.slice(ROOT.length + 1);
    const line = files[path]?.split('\n')[range.start.line] ?? '';
    return `${path}:${range.start.line} ${line.slice(range.start.character, range.end.character)}`;
  });

/** The place of a text in a file, one character in. */
function at(text: string, of: string): { line: number; character: number } {
  const lines = text.split('\n');
  const line = lines.findIndex((candidate) => candidate.includes(of));
  return { line, character: (lines[line]?.indexOf(of) ?? 0) + 1 };
}

async function opened(options: SessionOptions = {}): Promise<TestSession> {
  const started = await session({ files: FILES, ...options });
  for (const [path, text] of Object.entries(FILES)) await started.open(path, text);
  // Answers about the application come once the workspace is read.
  await started.client.sendRequest('workspace/symbol', { query: '' });
  return started;
}

describe('references', () => {
  const references = (started: TestSession, path: keyof typeof FILES, of: string, includeDeclaration = false) =>
    started.ask<Location[]>('textDocument/references', path, {
      position: at(FILES[path], of),
      context: { includeDeclaration },
    });

  it('of a wave are everything in it, of a phase everything of it', async () => {
    const started = await opened();
    expect(shown(await references(started, 'settings.yaml', '"1"'))).toEqual(['settings.yaml:3 settings']);
    expect(shown(await references(started, 'migrate.yaml', 'PreSync'))).toEqual(['migrate.yaml:3 migrate']);
  });

  it('of an object are who uses it, what waits for it and what it waits for', async () => {
    const started = await opened();
    expect(shown(await references(started, 'settings.yaml', 'settings', true))).toEqual([
      'settings.yaml:3 settings',
      'migrate.yaml:15 settings',
      'web.yaml:10 settings',
      'web.yaml:3 web',
    ]);
    expect(shown(await references(started, 'migrate.yaml', 'name: migrate'))).toEqual([]);
    expect(shown(await references(started, 'migrate.yaml', 'migrate'))).toEqual(['web.yaml:3 web']);
    expect(shown(await references(started, 'web.yaml', 'web'))).toEqual([
      'settings.yaml:3 settings',
      'migrate.yaml:3 migrate',
    ]);
  });

  it('of a reference are all who have it, and lead to what makes it', async () => {
    const started = await opened();
    const position = at(WEB, '            name: settings');
    const here = { position: { ...position, character: 20 }, context: { includeDeclaration: true } };
    expect(shown(await started.ask<Location[]>('textDocument/references', 'web.yaml', here))).toEqual([
      'settings.yaml:3 settings',
      'migrate.yaml:15 settings',
      'web.yaml:10 settings',
    ]);
    expect(shown(await started.ask<Location[]>('textDocument/definition', 'web.yaml', here))).toEqual([
      'settings.yaml:3 settings',
    ]);
    expect(await started.ask('textDocument/definition', 'migrate.yaml', { position: at(MIGRATE, 'migrator') })).toEqual(
      [],
    );
    expect(await started.ask('textDocument/definition', 'migrate.yaml', { position: at(MIGRATE, 'spec') })).toEqual([]);
  });

  it('lead to what an operator makes an object from', async () => {
    const secret =
      'apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata:\n  name: any\nspec:\n  target:\n    name: db\n';
    const pod =
      'apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\nspec:\n  volumes:\n  - secret:\n      secretName: db\n';
    const files = { 'p.yaml': pod, 'secret.yaml': secret };
    const started = await opened({ files });
    await started.open('p.yaml', pod);
    const found = await started.ask<Location[]>('textDocument/definition', 'p.yaml', { position: at(pod, 'db') });
    expect(shown(found, files)).toEqual(['secret.yaml:3 any']);
  });

  it('are highlighted in the same file, and left to the editor where there are none', async () => {
    const started = await session();
    const text = `${SETTINGS}---\n${WEB}`;
    await started.open('all.yaml', text);
    await started.client.sendRequest('workspace/symbol', { query: '' });
    const found = await started.ask<DocumentHighlight[]>('textDocument/documentHighlight', 'all.yaml', {
      position: at(text, 'settings'),
    });
    expect(found.map(({ range }) => range.start.line)).toEqual([3, 17]);
    expect(await started.ask('textDocument/documentHighlight', 'all.yaml', { position: at(text, 'web') })).toBeNull();
    expect(await started.ask('textDocument/documentHighlight', 'all.yaml', { position: at(text, 'spec') })).toBeNull();
  });
});

describe('workspace symbols', () => {
  const names = async (started: TestSession, query: string): Promise<string[]> => {
    const found = await started.client.sendRequest<SymbolInformation[]>('workspace/symbol', { query });
    return found.map(({ name }) => name);
  };

  it('are the tasks of the plan in their order, filtered by each word', async () => {
    const started = await session({ files: FILES });
    expect(await names(started, '')).toEqual([
      'migrate · Job · PreSync · wave -1',
      'web · Deployment · Sync · wave 0',
      'settings · ConfigMap · Sync · wave 1',
    ]);
    expect(await names(started, 'presync')).toEqual(['migrate · Job · PreSync · wave -1']);
    expect(await names(started, 'wave −1')).toEqual(['migrate · Job · PreSync · wave -1']);
    expect(await names(started, 'sync config')).toEqual(['settings · ConfigMap · Sync · wave 1']);
    expect(await names(started, 'nothing')).toEqual([]);
    const [found] = await started.client.sendRequest<SymbolInformation[]>('workspace/symbol', { query: 'web' });
    expect(found).toMatchObject({
      containerName: 'shop',
      location: { uri: `${ROOT}/web.yaml`, range: { start: { line: 0, character: 0 } } },
    });
  });

  it('are bounded, and none where the folder is switched off', async () => {
    const many = Array.from({ length: 700 }, (_, i) => `apiVersion: v1\nkind: Pod\nmetadata:\n  name: p${i}\n`);
    const started = await session({ files: { 'a.yaml': many.join('---\n') } });
    expect(await names(started, '')).toHaveLength(500);
    const off = await session({ files: FILES, settings: { [ROOT]: { enable: false } } });
    await off.open('web.yaml', WEB);
    await off.diagnostics('web.yaml');
    expect(await names(off, '')).toEqual([]);
  });
});

describe('inlay hints', () => {
  const range = { start: { line: 0, character: 0 }, end: { line: 100, character: 0 } };

  it('stand behind what implies them, within the range that is asked for', async () => {
    const started = await opened();
    const hints = await started.ask<InlayHint[]>('textDocument/inlayHint', 'migrate.yaml', { range });
    expect(hints).toMatchObject([
      {
        position: { line: 5, character: 36 },
        label: 'delete policy: BeforeHookCreation (default)',
        paddingLeft: true,
      },
    ]);
    const elsewhere = { range: { start: { line: 6, character: 0 }, end: { line: 9, character: 0 } } };
    expect(await started.ask('textDocument/inlayHint', 'migrate.yaml', elsewhere)).toEqual([]);
  });

  it('can be switched off, and come again when they are switched on', async () => {
    const started = await opened({ settings: { [ROOT]: { inlayHints: { enable: false } } } });
    await started.diagnostics('migrate.yaml');
    expect(await started.ask('textDocument/inlayHint', 'migrate.yaml', { range })).toEqual([]);
    started.settings = {};
    const before = started.sent('workspace/inlayHint/refresh').length;
    await started.client.sendNotification('workspace/didChangeConfiguration', { settings: null });
    await started.until(() => started.sent('workspace/inlayHint/refresh').length > before);
    expect(await started.ask('textDocument/inlayHint', 'migrate.yaml', { range })).toHaveLength(1);
  });

  it('are not offered to a client that does not know them, nor is it asked to refresh them', async () => {
    const plain = await opened({ capabilities: FULL });
    expect(plain.result?.capabilities.inlayHintProvider).toBeUndefined();
    await plain.change('web.yaml', 2, { text: WEB.replace('web', 'website') });
    await plain.until(() => plain.sent('workspace/codeLens/refresh').length > 0);
    expect(plain.sent('workspace/inlayHint/refresh')).toEqual([]);
  });
});

describe('code lenses', () => {
  it('get their text when they come into sight', async () => {
    const started = await opened();
    const lenses = await started.ask<CodeLens[]>('textDocument/codeLens', 'migrate.yaml');
    expect(lenses.map(({ command }) => command?.title)).toEqual([undefined, 'Run Sync…']);
    const seen = await started.client.sendRequest<CodeLens>('codeLens/resolve', lenses[0]);
    expect(seen.command).toEqual({
      title: 'PreSync · wave −1 · 1st of 3 · next waits until it completes',
      command: 'argocdHooks.showInPlan',
      arguments: [{ uri: `${ROOT}/migrate.yaml`, line: 0, task: 'batch/Job//migrate' }],
    });
    await expect(started.client.sendRequest('codeLens/resolve', { range: seen.range, data: 7 })).rejects.toMatchObject({
      code: -32602,
    });
  });
});

describe('document links', () => {
  const KUSTOMIZATION =
    'kind: Kustomization\nresources:\n- web.yaml\n- ../base\n- https://example.com/x.yaml\npatches:\n- path: patch.yaml\nconfigMapGenerator:\n- files:\n  - a=conf/a.txt\n';
  const APPLICATION =
    'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: shop\nspec:\n  source:\n    repoURL: https://example.com/r.git\n    path: apps/shop\n';
  const files = {
    'apps/shop/kustomization.yaml': KUSTOMIZATION,
    'apps/shop/web.yaml': WEB,
    'apps/base/kustomization.yaml': 'resources: [x.yaml]\n',
    'apps/base/x.yaml': SETTINGS,
    'application.yaml': APPLICATION,
  };

  it('lead from a kustomization to its files and folders, and to no address', async () => {
    const started = await session({ files });
    const path = 'apps/shop/kustomization.yaml';
    await started.open(path, KUSTOMIZATION);
    await started.client.sendRequest('workspace/symbol', { query: '' });
    const links = await started.ask<DocumentLink[]>('textDocument/documentLink', path);
    expect(links.map(({ tooltip }) => tooltip)).toContain('Open what the kustomization builds on');
    const targets = await Promise.all(
      links.map((link) => started.client.sendRequest<DocumentLink>('documentLink/resolve', link)),
    );
    expect(targets.map(({ target, range }) => `${range.start.line} ${target?.slice(ROOT.length + 1)}`)).toEqual([
      '2 apps/shop/web.yaml',
      '3 apps/base/kustomization.yaml',
      '6 apps/shop/patch.yaml',
      '9 apps/shop/conf/a.txt',
    ]);
  });

  it('lead from an Application to its source', async () => {
    const started = await session({ files });
    await started.open('application.yaml', APPLICATION);
    await started.client.sendRequest('workspace/symbol', { query: '' });
    const [link] = await started.ask<DocumentLink[]>('textDocument/documentLink', 'application.yaml');
    expect(link?.target).toBeUndefined();
    const found = await started.client.sendRequest<DocumentLink>('documentLink/resolve', link);
    expect(found.target).toBe(`${ROOT}/apps/shop/kustomization.yaml`);
    const gone = APPLICATION.replace('apps/shop', 'apps/none');
    await started.change('application.yaml', 2, { text: gone });
    const [dead] = await started.ask<DocumentLink[]>('textDocument/documentLink', 'application.yaml');
    expect((await started.client.sendRequest<DocumentLink>('documentLink/resolve', dead)).target).toBeUndefined();
  });
});

describe('snippets', () => {
  it('are sent to clients that know them alone', async () => {
    const text = 'apiVersion: v1\nkind: Pod\nmetadata:\n  annotations:\n    \n';
    const position = { line: 4, character: 4 };
    const modern = await session();
    await modern.open('a.yaml', text);
    const [first] = (await modern.ask<CompletionList>('textDocument/completion', 'a.yaml', { position })).items;
    expect(first).toMatchObject({ insertTextFormat: 2 });
    expect(first?.textEditText).toContain('argocd.argoproj.io/hook: ${1|Sync,PreSync');
    const plain = await session({ capabilities: {} });
    await plain.open('a.yaml', text);
    const [other] = (await plain.ask<CompletionList>('textDocument/completion', 'a.yaml', { position })).items;
    expect(other?.insertTextFormat).toBeUndefined();
    expect(other?.textEdit?.newText).toBe('argocd.argoproj.io/hook: ');
  });
});
