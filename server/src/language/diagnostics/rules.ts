import type { Rule } from './model.ts';
import { deletePolicyWithoutHook } from './rules/delete-policy-without-hook.ts';
import { emptyHook } from './rules/empty-hook.ts';
import { invalidSyncWave } from './rules/invalid-sync-wave.ts';
import { skipCombined } from './rules/skip-combined.ts';
import { staleHookReused } from './rules/stale-hook-reused.ts';
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
  staleHookReused,
];

/** Page about the subject of a rule, in Argo CD's documentation. */
export const linkOf = (id: string): string => {
  const guide = 'https://argo-cd.readthedocs.io/en/stable/user-guide';
  switch (id) {
    case 'unknown-sync-option':
      return `${guide}/sync-options/`;
    case 'unknown-argocd-annotation':
    case 'unquoted-annotation-value':
      return `${guide}/annotations-and-labels/`;
    default:
      return `${guide}/sync-waves/`;
  }
};
