// The same application, synced in the simulation and on the control plane: the same writes in the same order, the same
// results with their messages, the same left-overs. ARGOCD_HOOKS_SEED and ARGOCD_HOOKS_STORIES ask for others and for more.
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Cluster } from '../../client/src/sync/cluster.ts';
import { world } from '../client/simulated.ts';
import { linesOf, play, simulate, type Story } from './both-worlds.ts';
import { freshNamespace, open } from './plane.ts';
import { answersTo, REFUSALS } from './refusals.ts';
import { story } from './stories.ts';
import { STORIES } from './told-stories.ts';

const seed = Number(process.env['ARGOCD_HOOKS_SEED'] ?? 1);
const count = Number(process.env['ARGOCD_HOOKS_STORIES'] ?? 24);

let place: Promise<string>;
let real: Promise<Cluster>;
beforeAll(() => {
  place = freshNamespace('refusals');
  real = open('argocd');
});

async function expectSame(told: Story): Promise<void> {
  const simulated = await simulate(told);
  const played = await play(told, simulated);
  expect(linesOf(simulated)).toEqual(linesOf(played));
}

describe('single requests', () => {
  test.each(Object.entries(REFUSALS))('%s', async (_title, requests) => {
    const namespace = await place;
    const { cluster, clock } = world({}, [], [namespace]);
    await clock.sleep(5000);
    const simulated = await answersTo(cluster, namespace, requests);
    clock.stop();
    expect(simulated).toEqual(await answersTo(await real, namespace, requests));
  });
});

describe.concurrent('told', () => {
  test.each(Object.entries(STORIES).map(([title, one], index) => [title, index, one] as const))(
    '%s',
    { timeout: 120_000 },
    async (_title, index, one) => {
      await expectSame({ ...one, namespace: `told-${process.pid}-${index}` });
    },
  );
});

describe.concurrent(`random applications of seed ${seed}`, () => {
  test.each(fc.sample(story, { seed, numRuns: count }).map((one, index) => [index, one] as const))(
    'number %i',
    { timeout: 180_000 },
    async (index, one) => {
      await expectSame({ ...one, namespace: `story-${process.pid}-${index}` });
    },
  );
});
