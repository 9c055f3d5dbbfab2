import { afterEach, describe, expect, it } from 'vitest';
import type {
  CodeAction,
  CompletionList,
  DocumentSymbol,
  Hover,
  MarkupContent,
  SymbolInformation,
} from 'vscode-languageserver';
import {
  APPLICATION_OF,
  APPLICATIONS,
  PLAN,
  PLAN_CHANGED,
  UNREAD,
  type ApplicationSummary,
  type PlanResult,
} from '#protocol';
import { FULL, job, ROOT, TestSession, WITHOUT_PULL, type SessionOptions } from './harness.ts';

let open: TestSession[] = [];
afterEach(async () => {
  await Promise.all(open.map((session) => session.end().catch(() => undefined)));
  open = [];
});

async function session(options: SessionOptions = {}): Promise<TestSession> {
  const started = new TestSession(options);
  open.push(started);
  return started.start();
}

const PRESYNC = job('migrate', 'argocd.argoproj.io/hook: PreSync\nargocd.argoproj.io/sync-wave: "-1"');
const MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n';
const hoverText = (hover: Hover | null): string => (hover?.contents as MarkupContent | undefined)?.value ?? '';

describe('life cycle', () => {
  it('refuses requests before initialize, after shutdown and a second initialize', async () => {
    const { client, exits } = new TestSession();
    await expect(client.sendRequest('textDocument/hover', {})).rejects.toMatchObject({ code: -32002 });
    await client.sendRequest('initialize', { processId: null, rootUri: null, capabilities: {} });
    await expect(client.sendRequest('initialize', { capabilities: {} })).rejects.toMatchObject({ code: -32600 });
    await client.sendRequest('shutdown');
    await expect(client.sendRequest('textDocument/hover', {})).rejects.toMatchObject({ code: -32600 });
    await client.sendNotification('exit');
    await expect.poll(() => exits).toEqual([0]);
    client.dispose();
  });

  it('exits with 1 where nobody asked it to shut down', async () => {
    const { client, exits } = new TestSession();
    await client.sendNotification('exit');
    await expect.poll(() => exits).toEqual([1]);
    client.dispose();
  });

  it('answers wrong parameters with InvalidParams, and goes on', async () => {
    const started = await session();
    await started.open('a.yaml', PRESYNC);
    const { client } = started;
    for (const params of [
      undefined,
      null,
      {},
      { textDocument: { uri: `${ROOT}/a.yaml` } },
      { textDocument: { uri: 7 }, position: 'x' },
    ]) {
      await expect(client.sendRequest('textDocument/hover', params)).rejects.toMatchObject({ code: -32602 });
    }
    await client.sendNotification('textDocument/didChange', {});
    expect(await started.diagnostics('a.yaml')).toEqual([]);
    expect(started.sent('window/logMessage')).toEqual([]);
  });

  it('gives nothing about documents that are not open', async () => {
    const started = await session();
    const position = { line: 0, character: 0 };
    expect(await started.ask('textDocument/hover', 'b.yaml', { position })).toBeNull();
    expect(await started.ask('textDocument/codeLens', 'b.yaml')).toEqual([]);
    expect(await started.diagnostics('b.yaml')).toEqual([]);
  });
});

describe('diagnostics', () => {
  it('are pulled, with a result id that says when nothing changed', async () => {
    const started = await session();
    await started.open('a.yaml', job('migrate', 'argocd.argoproj.io/hook: presync'));
    const first = await started.ask<{ kind: string; resultId: string; items: unknown[] }>(
      'textDocument/diagnostic',
      'a.yaml',
    );
    expect(first.items).toMatchObject([
      { code: 'unknown-hook-phase', severity: 1, source: 'argocd-hooks', range: { start: { line: 5, character: 29 } } },
    ]);
    const again = { previousResultId: first.resultId };
    expect(await started.ask('textDocument/diagnostic', 'a.yaml', again)).toEqual({
      kind: 'unchanged',
      resultId: first.resultId,
    });
    await started.change('a.yaml', 2, {
      range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
      text: '# x\n',
    });
    expect(await started.diagnostics('a.yaml')).toMatchObject([{ range: { start: { line: 6, character: 29 } } }]);
    expect(started.sent('textDocument/publishDiagnostics')).toEqual([]);
  });

  it('are published to a client that does not pull, with their version, and taken back on close', async () => {
    const started = await session({ capabilities: WITHOUT_PULL });
    expect(started.result?.capabilities.diagnosticProvider).toBeUndefined();
    await started.open('a.yaml', job('migrate', 'argocd.argoproj.io/hook: presync'));
    await started.until(() => started.sent('textDocument/publishDiagnostics').length === 1);
    await started.change('a.yaml', 2, { text: PRESYNC });
    await started.until(() => started.sent('textDocument/publishDiagnostics').length === 2);
    await started.close('a.yaml');
    await started.until(() => started.sent('textDocument/publishDiagnostics').length === 3);
    const published = started.sent('textDocument/publishDiagnostics') as { version?: number; diagnostics: unknown[] }[];
    expect(published.at(-1)).toEqual({ uri: `${ROOT}/a.yaml`, diagnostics: [] });
    expect(published.filter(({ diagnostics }) => diagnostics.length > 0).every(({ version }) => version === 1)).toBe(
      true,
    );
  });

  it('obey the settings of each folder, and change with them', async () => {
    const other = 'file:///other';
    const off = { rules: { 'unknown-hook-phase': 'off', 'stale-hook-reused': 'hint' } };
    const started = await session({ folders: [ROOT, other], settings: { [ROOT]: off } });
    const text = job('migrate', 'argocd.argoproj.io/hook: presync');
    await started.open('a.yaml', text);
    expect(await started.diagnostics('a.yaml')).toEqual([]);
    await started.client.sendNotification('textDocument/didOpen', {
      textDocument: { uri: `${other}/a.yaml`, languageId: 'yaml', version: 1, text },
    });
    const there = await started.client.sendRequest('textDocument/diagnostic', {
      textDocument: { uri: `${other}/a.yaml` },
    });
    expect(there).toMatchObject({ items: [{ code: 'unknown-hook-phase' }] });
    started.settings = {};
    await started.client.sendNotification('workspace/didChangeConfiguration', { settings: null });
    await started.until(() => started.sent('workspace/diagnostic/refresh').length > 0);
    expect(await started.diagnostics('a.yaml')).toHaveLength(1);
  });

  it('are off where the folder is switched off', async () => {
    const started = await session({ settings: { [ROOT]: { enable: false } } });
    await started.open('a.yaml', job('migrate', 'argocd.argoproj.io/hook: presync'));
    expect(await started.diagnostics('a.yaml')).toEqual([]);
    expect(await started.ask('textDocument/codeLens', 'a.yaml')).toEqual([]);
    expect(await started.client.sendRequest(APPLICATIONS)).toEqual([]);
  });

  it('are information only where a kustomization lists the file, as soon as it does', async () => {
    const started = await session();
    await started.open('a.yaml', job('migrate', 'example.com/on: true'));
    expect(await started.diagnostics('a.yaml')).toMatchObject([{ code: 'unquoted-annotation-value', severity: 1 }]);
    started.disk.set('kustomization.yaml', 'resources:\n  - a.yaml\n');
    await started.client.sendNotification('workspace/didChangeWatchedFiles', {
      changes: [{ uri: `${ROOT}/kustomization.yaml`, type: 1 }],
    });
    await started.until(() => started.sent('workspace/diagnostic/refresh').length > 0);
    expect(await started.diagnostics('a.yaml')).toMatchObject([{ severity: 3 }]);
  });
});

describe('completion, hover, lens and quick fix', () => {
  it('complete with one range for all where the client takes it, and with one each where not', async () => {
    const text = job('migrate', 'argocd.argoproj.io/hook: Pre');
    const position = { line: 5, character: 32 };
    const range = { start: { line: 5, character: 29 }, end: position };
    const modern = await session();
    await modern.open('a.yaml', text);
    const list = await modern.ask<CompletionList>('textDocument/completion', 'a.yaml', { position });
    expect(list.itemDefaults).toEqual({ editRange: range });
    expect(list.items[1]).toMatchObject({
      label: 'PreSync',
      textEditText: 'PreSync',
      documentation: { kind: 'markdown' },
    });
    const old = await session({ capabilities: {} });
    await old.open('a.yaml', text);
    const plain = await old.ask<CompletionList>('textDocument/completion', 'a.yaml', { position });
    expect(plain.itemDefaults).toBeUndefined();
    expect(plain.items[1]).toMatchObject({
      textEdit: { range, newText: 'PreSync' },
      documentation: { kind: 'plaintext' },
    });
  });

  it('hover over a phase with its place in the plan of the whole folder', async () => {
    const started = await session({ files: { 'settings.yaml': MAP } });
    await started.open('migrate.yaml', PRESYNC);
    await started.client.sendRequest(APPLICATIONS);
    const text = hoverText(
      await started.ask<Hover>('textDocument/hover', 'migrate.yaml', { position: { line: 5, character: 30 } }),
    );
    expect(text).toContain('**PreSync** — runs before anything else of this application is applied.');
    expect(text).toContain('Here: PreSync, wave −1, 1st of 2, alone in wave −1.');
    expect(text).toContain('After it: ConfigMap settings.');
    expect(text).toContain('[Documentation](https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/)');
  });

  it('show the place above each manifest of an application that uses ordering', async () => {
    const started = await session({ files: { 'settings.yaml': MAP } });
    await started.open('migrate.yaml', PRESYNC);
    await started.client.sendRequest(APPLICATIONS);
    const lenses = await started.lenses('migrate.yaml');
    expect(lenses.map((lens) => lens.command)).toEqual([
      {
        title: 'PreSync · wave −1 · 1st of 2 · next waits until it completes',
        command: 'argocdHooks.showInPlan',
        arguments: [{ uri: `${ROOT}/migrate.yaml`, line: 0, task: 'batch/Job//migrate' }],
      },
      { title: 'Run Sync…', command: 'argocdHooks.runSync', arguments: [{ uri: `${ROOT}/migrate.yaml` }] },
    ]);
  });

  it('show no place where nothing uses ordering', async () => {
    const started = await session();
    await started.open('settings.yaml', MAP);
    const lenses = await started.lenses('settings.yaml');
    expect(lenses.map((lens) => lens.command?.title)).toEqual(['Run Sync…']);
  });

  it('repair a misspelt phase', async () => {
    const started = await session();
    await started.open('a.yaml', job('migrate', 'argocd.argoproj.io/hook: presync'));
    const range = { start: { line: 5, character: 30 }, end: { line: 5, character: 30 } };
    const actions = await started.ask<CodeAction[]>('textDocument/codeAction', 'a.yaml', {
      range,
      context: { diagnostics: [] },
    });
    expect(actions[0]).toMatchObject({ title: 'Replace with PreSync', kind: 'quickfix', isPreferred: true });
    expect(actions[0]?.edit?.changes?.[`${ROOT}/a.yaml`]).toEqual([
      { range: { start: { line: 5, character: 29 }, end: { line: 5, character: 36 } }, newText: 'PreSync' },
    ]);
  });
});

describe('the documentation of rules', () => {
  const PAGE = 'https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/';

  it('is shown by the client, and no other page ever', async () => {
    const started = await session({ capabilities: { ...FULL, window: { showDocument: { support: true } } } });
    expect(started.result?.capabilities.executeCommandProvider).toEqual({ commands: ['argocdHooks.openPage'] });
    const run = (command: string, ...list: unknown[]): Promise<null> =>
      started.client.sendRequest('workspace/executeCommand', { command, arguments: list });
    await run('argocdHooks.openPage', 'https://example.com/');
    await run('argocdHooks.other', PAGE);
    await run('argocdHooks.openPage');
    expect(started.sent('window/showDocument')).toEqual([]);
    await run('argocdHooks.openPage', PAGE);
    expect(started.sent('window/showDocument')).toEqual([{ uri: PAGE, external: true }]);
  });

  it('is not offered where the client shows no pages', async () => {
    const started = await session();
    expect(started.result?.capabilities.executeCommandProvider).toBeUndefined();
    await started.open('a.yaml', job('migrate', 'argocd.argoproj.io/hook: presync'));
    const at = { line: 5, character: 30 };
    const actions = await started.ask<CodeAction[]>('textDocument/codeAction', 'a.yaml', {
      range: { start: at, end: at },
      context: { diagnostics: [] },
    });
    expect(actions.filter(({ command }) => command)).toEqual([]);
  });
});

describe('while the workspace is still read', () => {
  const wave = job('settings', 'argocd.argoproj.io/sync-wave: 1');
  const files = {
    'a/kustomization.yaml': 'resources: [cm.yaml]\n',
    'a/cm.yaml': wave,
    'b/cm.yaml': wave,
    'b/c.yaml': MAP,
  };

  /** A session whose files are listed when the second says so. */
  async function slow(): Promise<[TestSession, () => void]> {
    let list = (): void => undefined;
    const listing = new Promise<void>((resolve) => (list = resolve));
    return [await session({ files, listing }), () => list()];
  }

  it('what a kustomization may list gets no false error', async () => {
    const [started, list] = await slow();
    for (const path of ['a/cm.yaml', 'b/cm.yaml']) await started.open(path, wave);
    const levels = async (): Promise<unknown[]> =>
      [...(await started.diagnostics('a/cm.yaml')), ...(await started.diagnostics('b/cm.yaml'))].map(
        ({ severity }) => severity,
      );
    expect(await levels()).toEqual([3, 1]);
    list();
    await started.client.sendRequest(APPLICATIONS);
    expect(await levels()).toEqual([3, 1]);
  });

  it('no place in an application is told before all of it is known', async () => {
    const [started, list] = await slow();
    const text = job('migrate', 'argocd.argoproj.io/hook: PreSync');
    started.disk.set('b/migrate.yaml', text);
    await started.open('b/migrate.yaml', text);
    const hovered = async (): Promise<string> =>
      hoverText(
        await started.ask<Hover | null>('textDocument/hover', 'b/migrate.yaml', {
          position: { line: 5, character: 30 },
        }),
      );
    const titles = async (): Promise<string[]> =>
      (await started.lenses('b/migrate.yaml')).map(({ command }) => command?.title ?? '');
    expect(await hovered()).toContain('PreSync');
    expect(await hovered()).not.toMatch(/\d(?:st|nd|rd|th) of \d/);
    expect(await titles()).toEqual(['Run Sync…']);
    list();
    await started.until(() => started.sent('workspace/codeLens/refresh').length > 0);
    expect(await hovered()).toContain('1st of 3, alone in wave 0');
    expect((await titles())[0]).toContain('PreSync · wave 0 · 1st of 3');
  });

  it('becomes an error where the kustomization turns out not to list it', async () => {
    const [started, list] = await slow();
    started.disk.set('a/kustomization.yaml', 'resources: []\n');
    await started.open('a/cm.yaml', wave);
    expect((await started.diagnostics('a/cm.yaml'))[0]?.severity).toBe(3);
    list();
    await started.until(() => started.sent('workspace/diagnostic/refresh').length > 0);
    expect((await started.diagnostics('a/cm.yaml'))[0]?.severity).toBe(1);
  });
});

describe('plans', () => {
  const files = {
    'apps/shop/web.yaml': MAP,
    'apps/shop/migrate.yaml': PRESYNC,
    'apps/plain/settings.yaml': MAP,
  };

  it('list the applications of the workspace, and give the plan of each', async () => {
    const started = await session({ files });
    const applications = await started.client.sendRequest<ApplicationSummary[]>(APPLICATIONS);
    expect(applications).toMatchObject([
      { folder: ROOT, path: 'apps/plain', resources: 1, hooks: 0, ordered: false },
      { folder: ROOT, path: 'apps/shop', resources: 2, hooks: 1, ordered: true },
    ]);
    const [, shop] = applications;
    const result = await started.client.sendRequest<PlanResult | null>(PLAN, { application: shop });
    expect(result?.plan.plans.sync.phases.map(({ phase }) => phase)).toEqual(['PreSync', 'Sync']);
    expect(
      await started.client.sendRequest(PLAN, { application: { folder: ROOT, path: 'nowhere', name: 'x' } }),
    ).toBeNull();
    expect(await started.client.sendRequest(APPLICATION_OF, { uri: `${ROOT}/apps/shop/web.yaml` })).toMatchObject({
      path: 'apps/shop',
    });
    expect(await started.client.sendRequest(APPLICATION_OF, { uri: 'file:///elsewhere.yaml' })).toBeNull();
  });

  it('tell of what cannot be read, and what lies in none of them is told beside them', async () => {
    const unreadable = { 'apps/shop/secret': 'Not this one.', other: 'Nor that one.' };
    const started = await session({ files, unreadable });
    const unread = (): Promise<unknown> => started.client.sendRequest(UNREAD);
    expect(await unread()).toEqual([{ folder: ROOT, path: 'other', message: 'Nor that one.' }]);
    const [, shop] = await started.client.sendRequest<ApplicationSummary[]>(APPLICATIONS);
    expect(shop).toMatchObject({ path: 'apps/shop', problems: 1 });
    const { plan } = await started.client.sendRequest<PlanResult>(PLAN, { application: shop });
    expect(plan.problems).toMatchObject([{ file: 'apps/shop/secret', message: 'Not this one.' }]);
  });

  it('go when their folder is switched off, and come back when it is switched on', async () => {
    const started = await session({ files });
    const list = (): Promise<ApplicationSummary[]> => started.client.sendRequest<ApplicationSummary[]>(APPLICATIONS);
    const all = await list();
    for (const enable of [false, true, false, true]) {
      const count = started.sent(PLAN_CHANGED).length;
      started.settings = { [ROOT]: { enable } };
      await started.client.sendNotification('workspace/didChangeConfiguration', { settings: null });
      await started.until(() => started.sent(PLAN_CHANGED).length > count);
      expect(await list()).toEqual(enable ? all : []);
    }
  });

  it('follow the typist when he pauses, and grow in version', async () => {
    const started = await session({ files });
    const [, shop] = await started.client.sendRequest<ApplicationSummary[]>(APPLICATIONS);
    const before = await started.client.sendRequest<PlanResult>(PLAN, { application: shop });
    await started.open('apps/shop/web.yaml', MAP);
    await started.until(() => started.sent(PLAN_CHANGED).length > 0);
    const range = { start: { line: 4, character: 0 }, end: { line: 4, character: 0 } };
    await started.change('apps/shop/web.yaml', 2, {
      range,
      text: '  annotations:\n    argocd.argoproj.io/sync-wave: "7"\n',
    });
    const count = started.sent(PLAN_CHANGED).length;
    await started.until(() => started.sent(PLAN_CHANGED).length > count);
    expect(started.sent(PLAN_CHANGED).at(-1)).toEqual({
      applications: [{ folder: ROOT, path: 'apps/shop', name: shop?.name }],
    });
    const after = await started.client.sendRequest<PlanResult>(PLAN, { application: shop });
    expect(after.version).toBeGreaterThan(before.version);
    expect(after.plan.plans.sync.phases[1]?.waves.map(({ wave }) => wave)).toEqual([7]);
    await started.close('apps/shop/web.yaml');
    await expect
      .poll(
        async () =>
          (await started.client.sendRequest<PlanResult>(PLAN, { application: shop })).plan.plans.sync.phases[1]
            ?.waves[0]?.wave,
      )
      .toBe(0);
  });

  it('notice files that come and go', async () => {
    const started = await session({ files });
    await started.client.sendRequest(APPLICATIONS);
    started.disk.set('apps/new/job.yaml', PRESYNC);
    started.disk.delete('apps/plain/settings.yaml');
    await started.client.sendNotification('workspace/didChangeWatchedFiles', {
      changes: [
        { uri: `${ROOT}/apps/new/job.yaml`, type: 1 },
        { uri: `${ROOT}/apps/plain/settings.yaml`, type: 3 },
      ],
    });
    await expect
      .poll(async () => (await started.client.sendRequest<ApplicationSummary[]>(APPLICATIONS)).map(({ path }) => path))
      .toEqual(['apps/new', 'apps/shop']);
  });
});

describe('a client that lacks features', () => {
  it('is never sent what it did not announce', async () => {
    const started = await session({ capabilities: {} });
    await started.open('a.yaml', job('migrate', 'argocd.argoproj.io/hook: presync'));
    await started.until(() => started.sent('textDocument/publishDiagnostics').length > 0);
    await started.change('a.yaml', 2, { text: job('migrate', 'argocd.argoproj.io/hook: postsync') });
    await started.until(() => started.sent('textDocument/publishDiagnostics').length > 1);
    // Longer than the pause after which a client that shows plans hears of a change.
    await new Promise((resolve) => setTimeout(resolve, 400));
    const methods = new Set(started.received.map(({ method }) => method));
    expect([...methods]).toEqual(['textDocument/publishDiagnostics']);
    const [published] = started.sent('textDocument/publishDiagnostics') as {
      version?: number;
      diagnostics: object[];
    }[];
    expect(published?.version).toBeUndefined();
    expect(published?.diagnostics[0]).not.toHaveProperty('codeDescription');
    expect(started.result?.capabilities.codeActionProvider).toBeUndefined();
  });
});

describe('document symbols', () => {
  const hierarchical = {
    ...FULL,
    textDocument: { ...FULL.textDocument, documentSymbol: { hierarchicalDocumentSymbolSupport: true } },
  };

  it('are a tree for a client that shows one', async () => {
    const started = await session({ capabilities: hierarchical });
    expect(started.result?.capabilities.documentSymbolProvider).toBe(true);
    await started.open('a.yaml', `${MAP}---\n${PRESYNC}`);
    const symbols = await started.ask<DocumentSymbol[]>('textDocument/documentSymbol', 'a.yaml');
    expect(symbols).toMatchObject([
      { name: 'settings', detail: 'ConfigMap', selectionRange: { start: { line: 3, character: 8 } } },
      {
        name: 'migrate',
        detail: 'Job · PreSync · wave −1',
        children: [
          { name: 'argocd.argoproj.io/hook', detail: 'PreSync', range: { start: { line: 10, character: 4 } } },
          { name: 'argocd.argoproj.io/sync-wave', detail: '-1' },
        ],
      },
    ]);
  });

  it('are a list for every other client', async () => {
    const started = await session();
    await started.open('a.yaml', PRESYNC);
    const symbols = await started.ask<SymbolInformation[]>('textDocument/documentSymbol', 'a.yaml');
    expect(symbols.map(({ name, containerName }) => [name, containerName])).toEqual([
      ['migrate', undefined],
      ['argocd.argoproj.io/hook', 'migrate'],
      ['argocd.argoproj.io/sync-wave', 'migrate'],
    ]);
    expect(symbols[1]?.location).toEqual({
      uri: `${ROOT}/a.yaml`,
      range: { start: { line: 5, character: 4 }, end: { line: 5, character: 36 } },
    });
  });

  it('end after the first 2,000 manifests of a huge file', async () => {
    const started = await session({ capabilities: hierarchical });
    await started.open('a.yaml', 'kind: Pod\n---\n'.repeat(2_001));
    expect(await started.ask<DocumentSymbol[]>('textDocument/documentSymbol', 'a.yaml')).toHaveLength(2_000);
  });

  it('are none where the folder is switched off or the document closed', async () => {
    const started = await session({ capabilities: hierarchical, settings: { [ROOT]: { enable: false } } });
    await started.open('a.yaml', PRESYNC);
    await expect.poll(() => started.ask('textDocument/documentSymbol', 'a.yaml')).toEqual([]);
    expect(await started.ask('textDocument/documentSymbol', 'b.yaml')).toEqual([]);
  });
});
