import { loadAll } from 'js-yaml';
import { expect } from 'vitest';
import type { KubeObject } from '#core/object';
import type { OperationRequest } from '#core/sync/options';
import { realClock } from '../../client/src/cli/real-clock.ts';
import type { KubernetesCluster } from '../../client/src/kube/kubernetes.ts';
import type { Preflight, RunEvent } from '../../client/src/sync/events.ts';
import type { SyncEnd } from '../../client/src/sync/run.ts';
import { runSync } from '../../client/src/sync/runner.ts';
import { Stop } from '../../client/src/sync/signal.ts';
import { writesOf } from './plane.ts';

export interface Ran {
  readonly end: SyncEnd;
  readonly events: readonly RunEvent[];
  readonly preflight: Preflight | undefined;
  readonly phase: string;
}

export interface Running {
  readonly namespace: string;
  readonly application?: string;
  readonly operation?: OperationRequest;
  readonly onEvent?: (event: RunEvent, terminate: () => void) => void;
}

/** Runs one sync on a real cluster, as the terminal client does. */
export async function syncOn(
  cluster: KubernetesCluster,
  manifests: string,
  { namespace, application = namespace, operation = {}, onEvent }: Running,
): Promise<Ran> {
  const events: RunEvent[] = [];
  const terminate = new Stop();
  const end = await runSync(
    {
      ...{ application, namespace, operation },
      objects: (loadAll(manifests) as (KubeObject | null)[]).filter((object) => object !== null),
      revision: { id: '1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d', text: 'HEAD 1a2b3c4' },
      ...{ retry: 0, furtherKinds: [], blockers: [], warnings: [] },
    },
    {
      cluster,
      clock: realClock,
      emit: (event) => {
        events.push(event);
        onEvent?.(event, () => terminate.stop());
      },
      confirm: async () => true,
      terminate,
    },
  );
  const result = events.find((event) => event.type === 'result');
  return {
    end,
    events,
    preflight: events.find((event) => event.type === 'preflight')?.preflight,
    phase: result?.operation.phase ?? 'none',
  };
}

/** Three waves: a hook that takes a while, what it prepares, and what comes last. */
export const WAVES = `
apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
  annotations: {argocd.argoproj.io/hook: PreSync, argocd.argoproj.io/hook-delete-policy: HookSucceeded}
spec:
  backoffLimit: 0
  template:
    metadata: {annotations: {test.argocd-hooks.dev/after: 2s}}
    spec: {restartPolicy: Never, containers: [{name: main, image: busybox}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {a: "1"}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, annotations: {argocd.argoproj.io/sync-wave: "1"}}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {terminationGracePeriodSeconds: 1, containers: [{name: main, image: busybox}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: last, annotations: {argocd.argoproj.io/sync-wave: "2"}}
data: {a: "1"}
`;

/** What of WAVES was really done, in the order of the audit log: dry runs and refusals left out. */
export function done(namespace: string, user = 'argocd'): string[] {
  return writesOf(namespace, { user })
    .filter(({ code, uri }) => code < 300 && !uri.searchParams.has('dryRun'))
    .filter(({ sent }) => JSON.stringify(sent['dryRun'] ?? '') !== '["All"]')
    .map(({ verb, object }) => `${verb} ${object.split('/').at(-1) ?? ''}`);
}

/** Nothing lost, nothing twice, each wave after the one before. */
export function expectWaves(namespace: string, user = 'argocd'): void {
  const writes = done(namespace, user);
  expect(writes.filter((write) => write.startsWith('create '))).toEqual([
    'create migrate',
    'create settings',
    'create web',
    'create last',
  ]);
  expect(writes.filter((write) => write.startsWith('patch '))).toEqual([]);
  expect(writes.filter((write) => write === 'delete migrate')).toHaveLength(1);
}
