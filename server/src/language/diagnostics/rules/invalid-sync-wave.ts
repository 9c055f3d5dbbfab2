import { declaredWave } from '../../../core/annotations/classify.ts';
import { HELM_HOOK_WEIGHT, SYNC_WAVE } from '../../../core/annotations/keys.ts';
import { parseInteger, trimSpace } from '../../../core/annotations/parse.ts';
import type { Manifest } from '../../../manifest/model.ts';
import { removeAnnotation, setAnnotation } from '../fixes.ts';
import { entryOf, judged, type Rule, type RuleContext } from '../model.ts';

/** A wave that is no integer to Go. Source: gitops-engine/pkg/sync/syncwaves/waves.go `Wave`. */
export const invalidSyncWave: Rule = {
  id: 'invalid-sync-wave',
  defaultLevel: 'error',
  levels: ['error'],
  title: 'The wave is no integer.',
  docs: `Argo CD reads a wave as Go does: a sign and digits, nothing else, not even a space (\`" 1"\` and \`"1.5"\` are no
integers). It ignores any other value without a word: the object is then in the wave of its \`helm.sh/hook-weight\`, or
in wave 0.`,
  examples: {
    bad: `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  annotations:
    argocd.argoproj.io/sync-wave: "1.5"
`,
    good: `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  annotations:
    argocd.argoproj.io/sync-wave: "1"
`,
  },
  parts: true,
  check: (manifest, context) => {
    const { document } = context;
    const entry = judged(manifest, SYNC_WAVE);
    if (!entry || parseInteger(entry.value) !== undefined) return [];
    const trimmed = trimSpace(entry.value);
    return [
      {
        level: 'error',
        span: entry.valueSpan,
        message: `${problem(entry.value)}, so Argo CD ignores it: ${realWave(manifest, context)}`,
        fixes: () => [
          ...(parseInteger(trimmed) === undefined
            ? []
            : [
                setAnnotation({
                  document,
                  entry,
                  value: trimmed,
                  title: `Replace with "${trimmed}"`,
                  preferred: true,
                  safe: true,
                }),
              ]),
          removeAnnotation({ document, manifest, entry, title: 'Remove the wave' }),
        ],
      },
    ];
  },
};

function problem(value: string): string {
  if (value === '') return 'The wave is empty';
  if (parseInteger(trimSpace(value)) !== undefined)
    return `The wave "${shown(value)}" has white space around its number`;
  return /^[+-]?\d+$/.test(value)
    ? `The wave ${shown(value)} is beyond 64 bits`
    : `The wave "${shown(value)}" is no integer`;
}

const shown = (value: string): string => (value.length > 40 ? `${value.slice(0, 40)}…` : value);

function realWave(manifest: Manifest, { facts: { label }, part }: RuleContext): string {
  const { wave, origin } = declaredWave(manifest.object);
  if (entryOf(manifest, HELM_HOOK_WEIGHT)?.templated === true)
    return `${label} is in the wave of its ${HELM_HOOK_WEIGHT}.`;
  if (part !== undefined && origin === 'default')
    return `${label} is in the wave of a ${HELM_HOOK_WEIGHT} that it may have, else in wave 0.`;
  return origin === 'helm-weight' ? `${label} is in wave ${wave}, its ${HELM_HOOK_WEIGHT}.` : `${label} is in wave 0.`;
}
