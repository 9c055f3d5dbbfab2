import { generatedName, nameLimit } from '../../../core/plan/generated-name.ts';
import { generateNameOf } from '../../../core/object.ts';
import { hasTemplate } from '../../../manifest/template.ts';
import { hasGeneratedName } from '../../policies.ts';
import { manifestPlace } from '../field-place.ts';
import { setNamePrefix } from '../fixes-fields.ts';
import { syncPhasesOf } from '../hook-facts.ts';
import type { Rule } from '../model.ts';

/** A commit as Argo CD shortens it, and the start of a sync in seconds: ten digits until the year 2286. */
const COMMIT = '0000000';
const START = 1_700_000_000;

/** Names that get too long when Argo CD has made them. Source: gitops-engine/pkg/sync/sync_context.go `getSyncTasks`. */
export const generateNameTooLong: Rule = {
  id: 'generate-name-too-long',
  defaultLevel: 'warning',
  levels: ['warning'],
  title: 'The name that Argo CD makes from generateName is longer than Kubernetes takes.',
  docs: `The name of a hook that has only \`generateName\` is that prefix, seven characters of the commit, the phase, and the
start of the sync in seconds: 25 to 27 characters more than the prefix. Most kinds take at most 63 (a Job puts its name
into a label of its pods); ConfigMaps, Secrets, Pods and others whose names are no labels take 253 and are judged by
that. A longer name is refused, and the sync fails. Shorten the prefix.`,
  examples: {
    bad: `apiVersion: batch/v1
kind: Job
metadata:
  generateName: shop-frontend-slack-notification-after-sync-
  annotations:
    argocd.argoproj.io/hook: PostSync
    argocd.argoproj.io/hook-delete-policy: HookSucceeded
`,
    good: `apiVersion: batch/v1
kind: Job
metadata:
  generateName: shop-slack-notification-
  annotations:
    argocd.argoproj.io/hook: PostSync
    argocd.argoproj.io/hook-delete-policy: HookSucceeded
`,
  },
  about: ['hook'],
  check: (manifest, { document, facts }) => {
    const { object } = manifest;
    if (!hasGeneratedName(object)) return [];
    const prefix = generateNameOf(object);
    const phases = syncPhasesOf(manifest, facts);
    if (phases.length === 0 || hasTemplate(prefix)) return [];
    const limit = nameLimit(object);
    const names = phases.map((phase) => generatedName(prefix, COMMIT, phase, START));
    const longest = names.reduce((a, b) => (b.length > a.length ? b : a));
    if (longest.length <= limit) return [];
    const room = limit - (longest.length - prefix.length);
    return [
      {
        level: 'warning',
        span: manifestPlace(manifest, document),
        message: `The name that Argo CD makes for ${facts.label} has ${longest.length} characters (the prefix, 7 of the commit, the phase, the time), and a ${facts.kind} takes at most ${limit}: it is refused, and the sync fails. Shorten generateName to at most ${room} characters.`,
        fixes: () =>
          room > 1
            ? [setNamePrefix({ document, manifest }, `${prefix.slice(0, room - 1).replace(/[-.]+$/, '')}-`)]
            : [],
      },
    ];
  },
};
