import { helmDeletePolicy, helmHookType } from '../../../core/annotations/classify.ts';
import {
  DELETE_PHASES,
  DELETE_POLICIES,
  HELM_HOOK,
  HELM_HOOK_DELETE_POLICY,
  HELM_HOOK_WEIGHT,
  HOOK,
  HOOK_DELETE_POLICY,
  SYNC_PHASES,
} from '../../../core/annotations/keys.ts';
import { parseList } from '../../../core/annotations/parse.ts';
import type { Manifest } from '../../../manifest/model.ts';
import { listed } from '../../naming.ts';
import { removeAnnotation } from '../fixes.ts';
import type { ManifestFacts } from '../facts.ts';
import { HELM_PAGE } from '../../../core/annotations/pages.ts';
import { entryOf, judged, type Rule } from '../model.ts';

/** Argo CD's and Helm's hook annotation on one object. Source: hook/hook.go `Types`, delete_policy.go, waves.go `Wave`. */
export const mixedHelmArgoHook: Rule = {
  id: 'mixed-helm-argo-hook',
  defaultLevel: 'info',
  levels: ['info', 'warning'],
  title: 'Argo CD’s hook annotation and Helm’s stand on one object.',
  docs: `Each annotation has a rule of its own then. Phases: those of \`argocd.argoproj.io/hook\` hold and Helm’s do not, but for
\`pre-delete\` and \`post-delete\`, which hold as well. Delete policies: those of both families hold together. Order:
\`helm.sh/hook-weight\` counts only where \`argocd.argoproj.io/sync-wave\` holds no integer. It is a warning where the delete
policies differ, since the hook then has some that neither annotation names alone.`,
  link: HELM_PAGE,
  examples: {
    bad: `apiVersion: batch/v1
kind: Job
metadata:
  name: db-migration
  annotations:
    argocd.argoproj.io/hook: PreSync
    argocd.argoproj.io/hook-delete-policy: BeforeHookCreation
    helm.sh/hook: pre-install,pre-upgrade
    helm.sh/hook-delete-policy: hook-succeeded
`,
    good: `apiVersion: batch/v1
kind: Job
metadata:
  name: db-migration
  annotations:
    argocd.argoproj.io/hook: PreSync
    argocd.argoproj.io/hook-delete-policy: BeforeHookCreation,HookSucceeded
`,
  },
  about: ['hook'],
  check: (manifest, { document, facts }) => {
    const own = judged(manifest, HOOK);
    const helm = judged(manifest, HELM_HOOK);
    if (!own || !helm) return [];
    const phases = parseList(own.value).filter(isPhase);
    // Where Argo CD's names nothing, other rules say what Helm's then means.
    if (phases.length === 0) return [];
    const differ = policiesDiffer(manifest);
    return [
      {
        level: differ ? 'warning' : 'info',
        span: helm.keySpan,
        message: [
          `${facts.label} has hook annotations of Argo CD and of Helm.`,
          phaseSentence(facts, phases, parseList(helm.value)),
          policySentence(manifest, facts, differ),
          weightSentence(manifest, facts),
        ]
          .filter((sentence) => sentence !== '')
          .join(' '),
        related: [{ message: `Argo CD’s annotation.`, span: own.keySpan }],
        fixes: () => [removeAnnotation({ document, manifest, entry: helm, title: `Remove ${HELM_HOOK}` })],
      },
    ];
  },
};

const PHASES: ReadonlySet<string> = new Set([...SYNC_PHASES, ...DELETE_PHASES, 'Skip']);
const isPhase = (item: string): boolean => PHASES.has(item);

function phaseSentence({ hookTypes, deletePhases }: ManifestFacts, own: readonly string[], helm: string[]): string {
  const all = [...new Set<string>([...hookTypes, ...deletePhases])];
  if (hookTypes.length === 1 && hookTypes[0] === 'Skip' && deletePhases.length === 0)
    return 'Argo CD’s phase holds, Skip: Helm’s is not looked at.';
  const added = all.filter((phase) => !own.includes(phase));
  if (added.length > 0)
    return `It runs as ${listed(all)}: ${listed(added)} because of ${HELM_HOOK} (${helm.join(', ')}), which counts here too.`;
  const lost = helm.filter((hook) => helmHookType(hook) !== undefined);
  return `Argo CD’s phase holds, ${listed(all)}${lost.length > 0 ? `: ${listed(lost)} of ${HELM_HOOK} is not looked at` : ''}.`;
}

function policiesOf(manifest: Manifest, key: string): string[] {
  const entry = judged(manifest, key);
  if (!entry) return [];
  const items = parseList(entry.value);
  return key === HOOK_DELETE_POLICY
    ? items.filter((item) => DELETE_POLICIES.some((policy) => policy === item))
    : items.flatMap((item) => helmDeletePolicy(item) ?? []);
}

function policiesDiffer(manifest: Manifest): boolean {
  const own = policiesOf(manifest, HOOK_DELETE_POLICY);
  const helm = policiesOf(manifest, HELM_HOOK_DELETE_POLICY);
  if (own.length === 0 || helm.length === 0) return false;
  return own.length !== helm.length || own.some((policy) => !helm.includes(policy));
}

function policySentence(manifest: Manifest, { deletePolicies }: ManifestFacts, differ: boolean): string {
  if (entryOf(manifest, HELM_HOOK_DELETE_POLICY) === undefined) return '';
  if ([HOOK_DELETE_POLICY, HELM_HOOK_DELETE_POLICY].some((key) => entryOf(manifest, key)?.templated === true))
    return '';
  if (differ)
    return `Their delete policies differ and hold together, ${listed(deletePolicies)}: name all that are meant in ${HOOK_DELETE_POLICY}.`;
  return deletePolicies.length > 0 ? `Of delete policies ${listed(deletePolicies)} holds, from both.` : '';
}

function weightSentence(manifest: Manifest, { wave }: ManifestFacts): string {
  const weight = entryOf(manifest, HELM_HOOK_WEIGHT);
  if (weight === undefined || weight.templated) return '';
  return wave.origin === 'helm-weight'
    ? `${HELM_HOOK_WEIGHT} is its wave, ${wave.wave}.`
    : `${HELM_HOOK_WEIGHT} does not count, since the wave is set.`;
}
