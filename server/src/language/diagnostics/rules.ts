import { WAVES_PAGE } from './links.ts';
import type { Rule } from './model.ts';
import { HOOK_RULES } from './rules-hooks.ts';
import { deletePolicyWithoutHook } from './rules/delete-policy-without-hook.ts';
import { emptyHook } from './rules/empty-hook.ts';
import { helmHookRunsEverySync } from './rules/helm-hook-runs-every-sync.ts';
import { invalidSyncWave } from './rules/invalid-sync-wave.ts';
import { skipCombined } from './rules/skip-combined.ts';
import { unknownArgocdAnnotation } from './rules/unknown-argocd-annotation.ts';
import { unknownDeletePolicy } from './rules/unknown-delete-policy.ts';
import { unknownHookPhase } from './rules/unknown-hook-phase.ts';
import { unknownSyncOption } from './rules/unknown-sync-option.ts';
import { unquotedAnnotationValue } from './rules/unquoted-annotation-value.ts';

/** Every rule, in the order in which settings and documentation list them. */
export const RULES: readonly Rule[] = [
  unknownHookPhase,
  emptyHook,
  skipCombined,
  unknownDeletePolicy,
  deletePolicyWithoutHook,
  invalidSyncWave,
  unquotedAnnotationValue,
  unknownArgocdAnnotation,
  unknownSyncOption,
  helmHookRunsEverySync,
  ...HOOK_RULES,
];

const BY_ID: ReadonlyMap<string, Rule> = new Map(RULES.map((rule) => [rule.id, rule]));

/** Page about the subject of a rule, in Argo CD's documentation. */
export const linkOf = (id: string): string => BY_ID.get(id)?.link ?? WAVES_PAGE;
