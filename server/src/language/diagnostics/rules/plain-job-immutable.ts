import { HELM_HOOK, HOOK, SYNC_OPTIONS } from '../../../core/annotations/keys.ts';
import { listOf } from '../../../core/annotations/parse.ts';
import { nameOf } from '../../../core/object.ts';
import { podSpecOf } from '../../../core/plan/references.ts';
import { isAtLeast } from '../../../core/versions.ts';
import { hasTemplate } from '../../../manifest/template.ts';
import { mayVanish } from '../../policies.ts';
import { mayBringAnnotations } from '../../templates.ts';
import { manifestPlace } from '../field-place.ts';
import { addSyncOptions, makeHook } from '../fixes-hooks.ts';
import { isTold } from '../hook-facts.ts';
import { OPTIONS_PAGE } from '../../../core/annotations/pages.ts';
import { entryOf, type Rule } from '../model.ts';

/** Jobs that a sync cannot change. Seen on Argo CD 3.6.1: the patch of an immutable template is refused. */
export const plainJobImmutable: Rule = {
  id: 'plain-job-immutable',
  defaultLevel: 'info',
  levels: ['info'],
  title: 'A Job with a fixed name is no hook, and no Force=true lets it be made anew.',
  docs: `The pod template of a Job cannot be changed. A Job that is an ordinary resource runs once; the first sync that
brings another image, command or variable is refused (\`field is immutable\`), and fails until somebody deletes the Job.
Make it a hook, so that it runs in every sync, or give it \`Force=true,Replace=true\`: every sync then deletes and creates
it, which also runs it. Nothing is said of a Job that \`ttlSecondsAfterFinished\` removes within the hour.`,
  link: OPTIONS_PAGE,
  examples: {
    bad: `apiVersion: batch/v1
kind: Job
metadata:
  name: create-buckets
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: create
          image: example.com/shop/buckets:1.4
`,
    good: `apiVersion: batch/v1
kind: Job
metadata:
  name: create-buckets
  annotations:
    argocd.argoproj.io/sync-options: Force=true,Replace=true
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: create
          image: example.com/shop/buckets:1.4
`,
  },
  about: ['job'],
  check: (manifest, { document, facts, argocdVersion }) => {
    const { object } = manifest;
    const name = nameOf(object);
    if (facts.group !== 'batch' || facts.isHook || facts.isSkip || name === '' || hasTemplate(name)) return [];
    if (isTold(manifest, HOOK, HELM_HOOK, SYNC_OPTIONS) || !isWhole(podSpecOf(object)?.['containers'])) return [];
    // A hook annotation without a text in it is told by another rule, and is to be repaired first.
    if (entryOf(manifest, HOOK) ?? entryOf(manifest, HELM_HOOK)) return [];
    const options = listOf(object, SYNC_OPTIONS);
    // Force alone deletes it when the patch was refused, but has no effect on a server-side apply. Replace without it
    // has a rule of its own.
    if (options.includes('Replace=true')) return [];
    if (options.includes('Force=true') && !options.includes('ServerSideApply=true')) return [];
    if (mayVanish(object)) return [];
    if (mayBringAnnotations(document, manifest)) return [];
    const forced = isAtLeast(argocdVersion, '2.12');
    return [
      {
        level: 'info',
        span: manifestPlace(manifest, document),
        message: `${facts.label} is an ordinary resource: it runs once, and the first sync that changes its pod template fails (field is immutable) until somebody deletes the Job. Make it a hook${forced ? ', or add the sync options Force=true,Replace=true: both run it in every sync' : ', which runs in every sync'}.`,
        fixes: () => [
          ...(forced ? [addSyncOptions({ document, manifest }, ['Force=true', 'Replace=true'])] : []),
          makeHook({ document, manifest }, 'Sync'),
        ],
      },
    ];
  },
};

const isWhole = (containers: unknown): boolean => Array.isArray(containers) && containers.length > 0;
