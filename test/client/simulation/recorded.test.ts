// What the real Argo CD v3.6.1 did on a real control plane, the simulation has to do too.
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '#core/object';
import {
  isPlain,
  manifestsOf,
  plain,
  recorded,
  recordedCases,
  recordedRows,
  resultRows,
  runRecorded,
  worldOf,
} from './recorded.ts';

/** `jobs` for `Job`, as in the recorded paths of requests. */
const resourceOf = (kind: string): string => (kind.endsWith('s') ? `${kind}es` : `${kind}s`).toLowerCase();

const VERBS: Readonly<Record<string, string>> = { patch: 'apply', create: 'apply', replace: 'apply', put: 'update' };

/** Neighbors of one verb and kind may have gone out together: their order is not fixed. */
function batched(writes: readonly string[]): string[][] {
  const batches: string[][] = [];
  let last = '';
  for (const write of writes) {
    const [verb = '', object = ''] = write.split(' ');
    const sort = `${verb} ${object.split('/').slice(0, -2).join('/')}`;
    if (sort !== last) batches.push([]);
    last = sort;
    const batch = batches.at(-1);
    if (batch && !batch.includes(write)) batch.push(write);
  }
  return batches.map((batch) => batch.sort());
}

/**
 * Force and Replace are several requests of one command of kubectl: the simulation tells the command, and a PUT of an
 * object as an apply.
 */
const COMMANDS = new Set(['force', 'replace']);

/** The simulation knows no schemas: a field that a kind does not have is not refused. */
const SCHEMAS = new Set(['unknown-field', 'validate-replace', 'validate-replace-live']);

/** Others that it does not show: which kinds of the cluster of the recording were there, and what a hook of 200 ms was seen to be. */
const OTHERS = new Set(['crd-missing', 'x07-hook-deployment']);
const CASES = recordedCases().filter((name) => !SCHEMAS.has(name) && !OTHERS.has(name) && isPlain(recorded(name)));

describe('is as recorded, step by step', () => {
  test.each(CASES)('%s', async (name) => {
    const live = recorded(name);
    const place = worldOf(live);
    let files = 'v1';
    let before: readonly KubeObject[] = [];
    for (const step of live.steps) {
      files = step.step.files ?? files;
      const manifests = manifestsOf(name, files);
      const ran = await runRecorded(place, live, step, manifests, before);
      before = [...before, ...manifests];
      const { operation, results, left } = ran.result;
      expect(plain(operation.message)).toBe(plain(step.message));
      expect(operation.phase).toBe(step.phase);
      expect(resultRows(results)).toEqual(recordedRows(step.results));
      const wanted = step.writes.filter(({ code }) => code < 300);
      const writes = ran.writes.map((write) => {
        const [verb = '', group = '', kind = '', namespace = '', object = ''] = write.split(/[ /]/);
        const path = [group, resourceOf(kind), namespace, object].filter((part) => part !== '').join('/');
        return plain(`${VERBS[verb] ?? verb} ${path}`);
      });
      if (!COMMANDS.has(name))
        expect(batched(writes)).toEqual(batched(wanted.map((w) => plain(`${VERBS[w.verb] ?? w.verb} ${w.object}`))));
      const own = left.filter((key) => !key.startsWith('apiextensions.k8s.io/') && !key.startsWith('/Namespace/'));
      const tracked = step.left.filter((object) => 'trackingId' in object);
      expect(own.map((key) => plain(key.replace(/^\//, ''))).sort()).toEqual(
        tracked.map(({ object }) => plain(object)).sort(),
      );
    }
  });
});
