import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { RunEvent } from '../../client/src/sync/events.ts';
import { lineReader, runArguments, startRun } from '../../client/src/vscode/sync/process.ts';
import type { Run } from '../../client/src/vscode/sync/run.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'argocd-hooks-run-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** A program in the place of the terminal client. */
function program(source: string): string {
  const file = path.join(folder, `${Math.random().toString(36).slice(2)}.mjs`);
  fs.writeFileSync(file, source);
  return file;
}

const SETTINGS = { section: { exclude: ['vendor'] }, filesExclude: {} };

interface Seen {
  readonly events: RunEvent[];
  readonly messages: string[];
  code?: number | undefined;
}

async function runToEnd(file: string, during: (process_: Run, event: RunEvent) => void): Promise<Seen> {
  const seen: Seen = { events: [], messages: [] };
  await new Promise<void>((resolve) => {
    const running: Run = startRun(
      process.execPath,
      [file],
      { cwd: folder, settings: SETTINGS },
      {
        event: (event) => {
          seen.events.push(event);
          during(running, event);
        },
        message: (line) => seen.messages.push(line),
        ended: (code) => {
          seen.code = code;
          resolve();
        },
      },
    );
  });
  return seen;
}

const ECHO = `
  console.log('{"type":"operation","time":"t","phase":"Running","message":"a \\u2026"}');
  console.error('a warning');
  let text = '';
  process.stdin.on('data', (chunk) => { text += chunk; if (text.split('\\n').length > 2) finish(text.trim()); });
  process.stdin.on('end', () => finish(text + 'end of input'));
  function finish(message) {
    process.stdout.write(JSON.stringify({ type: 'error', time: 't', message, exitCode: 3 }), () => process.exit(3));
  }`;

describe('a run in a process of its own', () => {
  test('hands over the settings first, gives events as they come, messages apart, and its exit code', async () => {
    const seen = await runToEnd(program(ECHO), (running, event) => {
      if (event.type === 'operation') running.send({ type: 'confirm' });
    });
    expect(seen.events.map((event) => event.type)).toEqual(['operation', 'error']);
    expect(seen.events[1]).toMatchObject({
      message: '{"section":{"exclude":["vendor"]},"filesExclude":{}}\n{"type":"confirm"}',
    });
    expect([seen.messages, seen.code]).toEqual([['a warning'], 3]);
  });

  test('closing ends its input, so that it can end in its own way', async () => {
    const seen = await runToEnd(program(ECHO), (running, event) => {
      if (event.type === 'operation') running.close(10_000);
    });
    expect([seen.events[1], seen.code]).toMatchObject([
      { message: expect.stringMatching(/^.*\nend of input$/) as string },
      3,
    ]);
  });

  test('one that does not end by itself is killed after the grace', async () => {
    const stubborn = program(
      `console.log('{"type":"operation"}'); process.stdin.resume(); setInterval(() => {}, 1000);`,
    );
    const seen = await runToEnd(stubborn, (running) => running.close(100));
    expect(seen.code).toBeUndefined();
  });

  test('a program that cannot be started says so and ends', async () => {
    const messages: string[] = [];
    const code = await new Promise((resolve) =>
      startRun(
        path.join(folder, 'nothing-here'),
        [],
        { cwd: folder, settings: SETTINGS },
        {
          event: () => undefined,
          message: (line) => messages.push(line),
          ended: resolve,
        },
      ),
    );
    expect(code).toBeUndefined();
    expect(messages[0]).toContain('could not be started');
  });
});

describe('lineReader', () => {
  test('gives whole lines however the text is cut', () => {
    const lines: string[] = [];
    const reader = lineReader((line) => lines.push(line));
    for (const part of ['a', 'b\nc\n\n', 'd\n', 'e']) reader.push(part);
    reader.end();
    expect(lines).toEqual(['ab', 'c', 'd', 'e']);
  });
});

describe('arguments of the terminal client', () => {
  const common = { path: 'apps/shop', application: 'shop', settings: SETTINGS, context: '', kubeconfig: '' };

  test('a sync names context and kubeconfig', () => {
    const args = runArguments(
      { ...common, mode: 'sync', context: 'kind-dev', kubeconfig: '/k', waveDelay: 0 },
      '/state',
    );
    expect(args.join(' ')).toMatchInlineSnapshot(
      `"sync --editor-settings --application shop --format json --control --wave-delay 0 --context kind-dev --kubeconfig /k --state-folder /state -- apps/shop"`,
    );
    const base = { ...common, mode: 'sync', context: 'kind-dev' } as const;
    const again = runArguments({ ...base, resources: [':ConfigMap:shop/a'] }, '/state');
    expect(again).toContain('--resource=:ConfigMap:shop/a');
    const resumed = runArguments({ ...base, resume: true, waveDelay: 2 }, '/state');
    expect(resumed).toContain('--resume');
    expect(resumed).not.toContain('--wave-delay');
  });

  test('a deletion is a command of its own, and in a simulation a flag', () => {
    const base = { ...common, mode: 'sync', context: 'kind-dev', deletes: true, waveDelay: 2 } as const;
    expect(runArguments(base, '/state').join(' ')).toMatchInlineSnapshot(
      `"delete --editor-settings --application shop --format json --control --context kind-dev --state-folder /state -- apps/shop"`,
    );
    expect(runArguments({ ...base, resume: true }, '/state')).toContain('--resume');
    const scenario = { deletes: true };
    expect(
      runArguments({ ...common, mode: 'simulate', deletes: true, scenario }, '/state').join(' '),
    ).toMatchInlineSnapshot(
      `"simulate --editor-settings --application shop --format json --control --delete -- apps/shop"`,
    );
  });

  test('a simulation has a clock of its own, and no cluster', () => {
    expect(runArguments({ ...common, mode: 'simulate', speed: 10 }, '/state').join(' ')).toMatchInlineSnapshot(
      `"simulate --editor-settings --application shop --format json --control --speed 10 -- apps/shop"`,
    );
  });

  test('a simulation waits for nothing where it has no speed, and starts and fails as its scenario says', () => {
    const scenario = { upgrade: 'HEAD', fail: 'Job/a', hang: 'Job/b', next: true };
    expect(runArguments({ ...common, mode: 'simulate', scenario }, '/state').join(' ')).toMatchInlineSnapshot(
      `"simulate --editor-settings --application shop --format json --control --upgrade=HEAD --fail=Job/a --hang=Job/b --next -- apps/shop"`,
    );
  });
});
