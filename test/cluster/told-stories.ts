import type { Story } from './both-worlds.ts';
import { SERVER_SIDE } from './server-side-stories.ts';
import { config, deployment, FAILS, HANGS, hook, job, step } from './story-parts.ts';

/** Stories of what random ones seldom meet. */
export const STORIES: Readonly<Record<string, Omit<Story, 'namespace'>>> = {
  'a namespace that is created': {
    noNamespace: true,
    steps: [step(config('c', '1') + job('name: j'), { sync: { syncOptions: ['CreateNamespace=true'] } })],
  },
  'a hook that hangs until it is terminated': {
    steps: [
      step(job('name: j', { annotations: hook('PreSync', 'HookFailed'), pod: HANGS }) + config('c', '1'), {
        terminateAt: 2500,
      }),
    ],
  },
  'a resource that hangs until it is terminated, and is synced again': {
    steps: [
      step(job('name: j', { pod: HANGS }) + config('c', '1', "annotations: {argocd.argoproj.io/sync-wave: '1'}"), {
        terminateAt: 2500,
      }),
      step(config('c', '2'), { sync: { prune: true } }),
    ],
  },
  'a failing hook, repaired': {
    steps: [
      step(
        job('generateName: j-', { annotations: hook('PreSync'), pod: FAILS }) +
          job('name: f', { annotations: hook('SyncFail') }) +
          config('c', '1'),
      ),
      step(job('generateName: j-', { annotations: hook('PreSync') }) + config('c', '2')),
    ],
  },
  'a Job that exceeds its deadline': {
    steps: [step(job('name: j', { spec: 'activeDeadlineSeconds: 1', pod: HANGS }))],
  },
  'a Job that goes by itself': {
    steps: [
      step(
        job('name: j', { spec: 'ttlSecondsAfterFinished: 1', annotations: hook('Sync') }) +
          config('c', '1', "annotations: {argocd.argoproj.io/sync-wave: '1'}"),
      ),
    ],
  },
  'a Job whose pods fail first': {
    steps: [
      step(
        job('name: j', { pod: "test.argocd-hooks.dev/fail-times: '1'" }).replace('backoffLimit: 0', 'backoffLimit: 1'),
      ),
    ],
  },
  'several pods of a Job': {
    steps: [step(job('name: j', { spec: 'completions: 3\n  parallelism: 2' }))],
  },
  'a pod that waits for a ConfigMap of a later wave': {
    steps: [
      step(
        job('name: j').replace(
          'containers: [{',
          'volumes: [{name: v, configMap: {name: late}}], containers: [{volumeMounts: [{name: v, mountPath: /v}], ',
        ) + config('late', '1', "annotations: {argocd.argoproj.io/sync-wave: '1'}"),
        { terminateAt: 2500 },
      ),
    ],
  },
  'a Job without its ServiceAccount': {
    steps: [
      step(
        job('name: j', { annotations: hook('PreSync') }).replace(
          'spec: {restart',
          'spec: {serviceAccountName: none, restart',
        ),
        {
          terminateAt: 2500,
        },
      ),
    ],
  },
  'a claim and the pod that uses it': {
    steps: [
      step(
        `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: p, annotations: {argocd.argoproj.io/sync-wave: '-1'}}
spec: {accessModes: [ReadWriteOnce], storageClassName: wait, resources: {requests: {storage: 1024Mi}}}
${job('name: j').replace('containers: [{', 'volumes: [{name: v, persistentVolumeClaim: {claimName: p}}], containers: [{')}`,
        {
          terminateAt: 3000,
        },
      ),
    ],
  },
  'an immutable ConfigMap, a selector, a claim': {
    steps: ['1', '2'].map((version) =>
      step(`
${config('c', version)}
immutable: true
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: d}
spec:
  selector: {matchLabels: {v: '${version}'}}
  template: {metadata: {labels: {v: '${version}'}}, spec: {containers: [{name: main, image: 'nginx:1'}]}}
`),
    ),
  },
  'a StatefulSet whose service changes': {
    steps: ['one', 'two'].map((service) =>
      step(`
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: s}
spec:
  serviceName: ${service}
  replicas: 2
  selector: {matchLabels: {a: b}}
  template: {metadata: {labels: {a: b}}, spec: {containers: [{name: main, image: 'nginx:1'}]}}
`),
    ),
  },
  'a DaemonSet, changed': {
    steps: ['1', '2'].map((version) =>
      step(`
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: s}
spec:
  selector: {matchLabels: {a: b}}
  template: {metadata: {labels: {a: b}}, spec: {containers: [{name: main, image: 'nginx:${version}'}]}}
`),
    ),
  },
  'finalizers that nobody takes away': {
    steps: [
      step(config('c', '1', 'finalizers: [example.com/mine]') + config('k', '1')),
      step(config('k', '2'), { sync: { prune: true }, terminateAt: 2500 }),
    ],
  },
  'a Pod that is replaced by its manifest': {
    steps: ['1', '2'].map((version) =>
      step(
        `
apiVersion: v1
kind: Pod
metadata: {name: p, annotations: {argocd.argoproj.io/sync-options: Replace=true}}
spec: {restartPolicy: Never, containers: [{name: main, image: 'busybox:${version}'}]}
`,
      ),
    ),
  },
  ...SERVER_SIDE,
  'a Job that its pod failure policy ends': {
    steps: [
      step(
        job('name: j', {
          spec: 'podFailurePolicy: {rules: [{action: FailJob, onExitCodes: {operator: In, values: [3, 42]}}]}',
          pod: `${FAILS}, test.argocd-hooks.dev/exit-code: '42'`,
        }).replace('backoffLimit: 0', 'backoffLimit: 6'),
      ),
    ],
  },
  'a suspended Job that is resumed': {
    steps: ['true', 'false'].map((suspended) =>
      step(
        job('name: j', { spec: `suspend: ${suspended}\n  activeDeadlineSeconds: 60` }) +
          config('c', '1', "annotations: {argocd.argoproj.io/sync-wave: '1'}"),
        suspended === 'true' ? { terminateAt: 1500 } : {},
      ),
    ),
  },
  'a Deployment without progress': {
    steps: [
      step(
        deployment("[{name: main, image: 'nginx:1'}]", 'progressDeadlineSeconds: 2').replace(
          'template: {metadata: {',
          'template: {metadata: {annotations: {test.argocd-hooks.dev/pod: pending}, ',
        ) + config('c', '1', "annotations: {argocd.argoproj.io/sync-wave: '1'}"),
      ),
    ],
  },
  'a Deployment whose pods must be ready for a while, rolled out before a later wave': {
    steps: ['1', '2'].map((version) =>
      step(
        deployment(`[{name: main, image: 'nginx:${version}'}]`, 'replicas: 3\n  minReadySeconds: 1') +
          config('c', version, "annotations: {argocd.argoproj.io/sync-wave: '1'}"),
      ),
    ),
  },
  'a StatefulSet that is grown, changed in part and shrunk, before a later wave': {
    steps: [
      ['1', 1, 0],
      ['1', 3, 0],
      ['2', 3, 2],
      ['3', 1, 0],
    ].map(([version, replicas, partition]) =>
      step(
        `
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: s}
spec:
  replicas: ${replicas}
  updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: ${partition}}}
  selector: {matchLabels: {a: b}}
  template: {metadata: {labels: {a: b}}, spec: {containers: [{name: main, image: 'nginx:${version}'}]}}
${config('c', `${version}-${replicas}`, "annotations: {argocd.argoproj.io/sync-wave: '1'}")}`,
      ),
    ),
  },
  'claims that are bound at once, and by their first pod': {
    steps: [
      step(
        `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: now, annotations: {argocd.argoproj.io/sync-wave: '-1'}}
spec: {accessModes: [ReadWriteOnce], storageClassName: immediate, resources: {requests: {storage: 1Gi}}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: later}
spec: {accessModes: [ReadWriteOnce], storageClassName: standard, resources: {requests: {storage: 1Gi}}}
${job('name: j').replace('containers: [{', 'volumes: [{name: v, persistentVolumeClaim: {claimName: later}}, {name: w, persistentVolumeClaim: {claimName: now}}], containers: [{')}`,
      ),
    ],
  },
  ...Object.fromEntries(
    ['orphan', 'foreground', 'background'].map((propagation) => [
      `what a Job and a Deployment have made, deleted with policy ${propagation}`,
      {
        steps: [
          step(config('c', '1') + job('name: j') + deployment("[{name: main, image: 'nginx:1'}]")),
          step(config('c', '2'), {
            sync: { prune: true, syncOptions: [`PrunePropagationPolicy=${propagation}`] },
          }),
        ],
      },
    ]),
  ),
  'a namespace that goes with what is in it': {
    clusterObjects: ['told-other'],
    steps: [
      step(
        `{apiVersion: v1, kind: Namespace, metadata: {name: told-other}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: in-it, namespace: told-other}}
${config('c', '1')}`,
      ),
      step(config('c', '2'), { sync: { prune: true } }),
    ],
  },
};
