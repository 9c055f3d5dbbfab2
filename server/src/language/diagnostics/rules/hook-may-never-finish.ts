import { endlessLoopIn, runTimeOf, type RunTime } from '../../../core/plan/run-time.ts';
import { hasTemplate } from '../../../manifest/template.ts';
import { mayBringSpecFields } from '../../templates.ts';
import { manifestPlace } from '../field-place.ts';
import { endPod, limitRun } from '../fixes-fields.ts';
import { deletePhasesOf, syncPhasesOf } from '../hook-facts.ts';
import type { Level, Rule } from '../model.ts';

/** Hooks that nothing ends. Source: sync_context.go `Sync`, controller/hook.go: neither knows a time limit of a hook. */
export const hookMayNeverFinish: Rule = {
  id: 'hook-may-never-finish',
  defaultLevel: 'info',
  levels: ['info', 'warning'],
  title: 'A Job or Pod hook has no activeDeadlineSeconds.',
  docs: `Argo CD waits for a hook without any time limit of its own, unless somebody gave the whole controller one
(\`--sync-timeout\`). A container that hangs (an image that cannot be
pulled, a database that does not answer) holds the sync until somebody terminates it; one that fails is tried again as
often as \`backoffLimit\` says, ten seconds later, then twenty, up to six minutes. Give the hook
\`activeDeadlineSeconds\` and \`backoffLimit\`: a sync that fails says so. It is a warning where nothing at all bounds the
hook: a \`backoffLimit\` that takes more than an hour, a Pod that is restarted for ever, a loop in its command that waits
without end.`,
  examples: {
    bad: `apiVersion: batch/v1
kind: Job
metadata:
  name: db-migration
  annotations:
    argocd.argoproj.io/hook: PreSync
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: migrate
          image: example.com/shop/migrate:1.4
`,
    good: `apiVersion: batch/v1
kind: Job
metadata:
  name: db-migration
  annotations:
    argocd.argoproj.io/hook: PreSync
spec:
  activeDeadlineSeconds: 600
  backoffLimit: 2
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: migrate
          image: example.com/shop/migrate:1.4
`,
  },
  about: ['hook'],
  check: (manifest, { document, facts }) => {
    const { object } = manifest;
    const sync = syncPhasesOf(manifest, facts).length > 0;
    // A PreDelete hook has a rule of its own.
    if (!sync && !deletePhasesOf(manifest, facts).includes('PostDelete')) return [];
    const time = runTimeOf(object);
    if (!time || time.kind === 'bounded' || mayBringSpecFields(document, manifest)) return [];
    const held = sync ? 'the sync' : 'the deletion of the Application';
    const loop = time.kind === 'kept-running' ? undefined : endlessLoopIn(object, hasTemplate);
    const { level, text } = loop ? loopStory(loop, facts.label, held) : story(time, facts.label, held);
    return [
      {
        level,
        span: manifestPlace(manifest, document),
        message: text,
        fixes: () => [time.kind === 'kept-running' ? endPod({ document, manifest }) : limitRun({ document, manifest })],
      },
    ];
  },
};

interface Story {
  readonly level: Level;
  readonly text: string;
}

/** Beyond this the retries alone take longer than anybody watches a sync. */
const LONG_SECONDS = 3_600;

function story(time: Exclude<RunTime, { kind: 'bounded' }>, label: string, held: string): Story {
  switch (time.kind) {
    case 'kept-running':
      return {
        level: 'warning',
        text: `${label} has no end: its restartPolicy is Always (the default), so its containers are started again also after a success. Argo CD takes it for completed as soon as it is ready, before its work is done, and for failed once a container has ended. Set restartPolicy: Never and activeDeadlineSeconds.`,
      };
    case 'restarted-for-ever':
      return {
        level: 'warning',
        text: `Nothing ends ${label}: restartPolicy OnFailure starts a failing container again for ever, and Argo CD has no time limit, so ${held} never ends. Set restartPolicy: Never, or add activeDeadlineSeconds.`,
      };
    case 'retried-as-told':
      return { level: 'info', text: `${noDeadline(label, held)} Add activeDeadlineSeconds.` };
    case 'retried':
      return retried(time, label, held);
  }
}

const noDeadline = (label: string, held: string): string =>
  `${label} has no activeDeadlineSeconds, and Argo CD has no time limit: if a container hangs, ${held} hangs until somebody ends it.`;

function retried(time: Extract<RunTime, { kind: 'retried' }>, label: string, held: string): Story {
  const { attempts, backOffSeconds, byDefault } = time;
  const limit = `backoffLimit ${attempts - 1}${byDefault ? ', the default' : ''}`;
  if (backOffSeconds > LONG_SECONDS)
    return {
      level: 'warning',
      text: `Nothing ends ${label} in time: one that fails is tried ${attempts} times (${limit}), which takes ${inWords(backOffSeconds)} of waiting alone, and one that hangs is never ended, since Argo CD has no time limit. Until then ${held} hangs. Add activeDeadlineSeconds, and lower backoffLimit.`,
    };
  const again =
    attempts > 1
      ? `If one fails it is tried ${attempts} times (${limit}), with ${inWords(backOffSeconds)} of waiting in between.`
      : '';
  const advice = byDefault ? 'Add activeDeadlineSeconds and backoffLimit.' : 'Add activeDeadlineSeconds.';
  return { level: 'info', text: [noDeadline(label, held), again, advice].filter((part) => part !== '').join(' ') };
}

const loopStory = (loop: { container: string; word: string }, label: string, held: string): Story => ({
  level: 'warning',
  text: `Nothing ends ${label}: ${loop.container === '' ? 'a container' : `container ${loop.container}`} waits in a loop (${loop.word} … sleep) that has no end of its own, and Argo CD has no time limit. If what it waits for does not come, ${held} never ends. Add activeDeadlineSeconds.`,
});

/** `about 11 minutes`, `about 5 hours`. */
function inWords(seconds: number): string {
  if (seconds < 60) return `${seconds} seconds`;
  const minutes = Math.round(seconds / 60);
  if (minutes <= 180) return `about ${minutes} minute${minutes === 1 ? '' : 's'}`;
  const hours = Math.round(minutes / 60);
  return hours <= 72 ? `about ${hours} hours` : `about ${Math.round(hours / 24)} days`;
}
