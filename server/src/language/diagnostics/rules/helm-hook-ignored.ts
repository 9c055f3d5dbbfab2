import { HELM_ONLY_HOOKS, annotationFor, phaseValue } from '../../../core/annotations/catalogue.ts';
import { helmDeletePhase, helmHookType } from '../../../core/annotations/classify.ts';
import { HELM_HOOK, HOOK } from '../../../core/annotations/keys.ts';
import { nearest } from '../../../core/annotations/nearest.ts';
import { parseList } from '../../../core/annotations/parse.ts';
import { isAtLeast } from '../../../core/versions.ts';
import { mayBringEntries } from '../../templates.ts';
import { addAnnotation, replaceItem } from '../fixes.ts';
import { HELM_PAGE } from '../../../core/annotations/pages.ts';
import { entryOf, judged, type Rule } from '../model.ts';

const TESTS: ReadonlySet<string> = new Set(['test', ...HELM_ONLY_HOOKS]);
const HOOK_NAMES = annotationFor(HELM_HOOK, false)?.values.map(({ name }) => name) ?? [];

/** The first Argo CD that runs it as a hook of a deletion; undefined where none does. */
const sinceOf = (hook: string): string | undefined => phaseValue(helmDeletePhase(hook) ?? '')?.since;

/** Helm hooks of which Argo CD runs none. Source: hook/helm/type.go `NewType`, ignore/ignore.go `Ignore`. */
export const helmHookIgnored: Rule = {
  id: 'helm-hook-ignored',
  defaultLevel: 'warning',
  levels: ['warning', 'info'],
  title: 'A Helm hook maps to no phase of Argo CD.',
  docs: `Argo CD runs Helm’s install, upgrade and delete hooks. \`test\`, \`pre-rollback\`, \`post-rollback\` and anything that is no
hook of Helm it does not: a manifest with nothing else is never applied, without a word, and a live copy is deleted when
a sync prunes. Add \`argocd.argoproj.io/hook\`, which Helm ignores, where it is to run in a sync. For tests alone it is
only an information: most are meant for \`helm test\`.`,
  link: HELM_PAGE,
  examples: {
    bad: `apiVersion: batch/v1
kind: Job
metadata:
  name: restore
  annotations:
    helm.sh/hook: pre-rollback
`,
    good: `apiVersion: batch/v1
kind: Job
metadata:
  name: restore
  annotations:
    argocd.argoproj.io/hook: PreSync
`,
  },
  about: ['hook'],
  check: (manifest, { document, facts, argocdVersion }) => {
    const entry = judged(manifest, HELM_HOOK);
    if (!entry || entryOf(manifest, HOOK) || entry.value === 'crd-install') return [];
    const hooks = parseList(entry.value);
    const runs = (hook: string): boolean => {
      const since = sinceOf(hook);
      return helmHookType(hook) !== undefined || (since !== undefined && isAtLeast(argocdVersion, since));
    };
    if (hooks.some(runs) || mayBringEntries(document, manifest)) return [];
    const test = hooks.length > 0 && hooks.every((hook) => TESTS.has(hook));
    const [first = ''] = hooks;
    const typo = HOOK_NAMES.includes(first) || TESTS.has(first) ? undefined : nearest(first, HOOK_NAMES);
    const newer = hooks.map(sinceOf).find((since) => since !== undefined);
    const phase = first.startsWith('pre-') ? 'PreSync' : 'PostSync';
    return [
      {
        level: test ? 'info' : 'warning',
        span: entry.valueSpan.start < entry.valueSpan.end ? entry.valueSpan : entry.keySpan,
        message: `Argo CD never applies ${facts.label}, and a sync that prunes deletes a live copy: ${HELM_HOOK} (${hooks.join(', ') || 'empty'}) maps to no phase${newer === undefined ? '' : ` before Argo CD ${newer}`}.${typo === undefined ? ` Where it is to run in a sync, add ${HOOK}.` : ` Did you mean ${typo}?`}`,
        fixes: () => [
          ...(typo === undefined ? [] : [replaceItem({ document, entry, item: first, by: typo })]),
          addAnnotation({
            document,
            manifest,
            key: HOOK,
            value: phase,
            title: `Make it a ${phase} hook of Argo CD too`,
          }),
        ],
      },
    ];
  },
};
