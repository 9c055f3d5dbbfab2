import { WAVES_PAGE } from '../../core/annotations/pages.ts';
import type { Levels, Rule } from './model.ts';
import { HOOK_RULES } from './rules-hooks.ts';
import { appLevelOptionOnResource } from './rules/app-level-option-on-resource.ts';
import { commaInSyncOptionsItem } from './rules/comma-in-sync-options-item.ts';
import { contradictoryDeletePolicies } from './rules/contradictory-delete-policies.ts';
import { deletePolicyWithoutHook } from './rules/delete-policy-without-hook.ts';
import { duplicateAnnotationKey } from './rules/duplicate-annotation-key.ts';
import { emptyHook } from './rules/empty-hook.ts';
import { helmHookIgnored } from './rules/helm-hook-ignored.ts';
import { helmHookRunsEverySync } from './rules/helm-hook-runs-every-sync.ts';
import { hookNeedsNewerArgocd } from './rules/hook-needs-newer-argocd.ts';
import { invalidSyncWave } from './rules/invalid-sync-wave.ts';
import { misplacedAnnotations } from './rules/misplaced-annotations.ts';
import { mixedHelmArgoHook } from './rules/mixed-helm-argo-hook.ts';
import { noopSyncOption } from './rules/noop-sync-option.ts';
import { optionValueCase } from './rules/option-value-case.ts';
import { skipCombined } from './rules/skip-combined.ts';
import { skipThenPruned } from './rules/skip-then-pruned.ts';
import { unknownArgocdAnnotation } from './rules/unknown-argocd-annotation.ts';
import { unknownDeletePolicy } from './rules/unknown-delete-policy.ts';
import { unknownHookPhase } from './rules/unknown-hook-phase.ts';
import { unknownSyncOption } from './rules/unknown-sync-option.ts';
import { unquotedAnnotationValue } from './rules/unquoted-annotation-value.ts';

/** Every rule, in the order in which settings and documentation list them. */
export const RULES: readonly Rule[] = [
  unknownHookPhase,
  emptyHook,
  skipThenPruned,
  skipCombined,
  unknownDeletePolicy,
  deletePolicyWithoutHook,
  invalidSyncWave,
  unquotedAnnotationValue,
  duplicateAnnotationKey,
  unknownArgocdAnnotation,
  misplacedAnnotations,
  unknownSyncOption,
  appLevelOptionOnResource,
  noopSyncOption,
  optionValueCase,
  commaInSyncOptionsItem,
  helmHookIgnored,
  mixedHelmArgoHook,
  helmHookRunsEverySync,
  hookNeedsNewerArgocd,
  contradictoryDeletePolicies,
  ...HOOK_RULES,
];

/** Rules about what a server for YAML tells of, too: beside one they are off unless the user gives them a level. */
const OF_YAML: readonly string[] = [duplicateAnnotationKey.id];

/** The levels of rules beside a server for YAML that validates. */
export const levelsBesideYaml = (levels: Levels): Levels => ({
  ...Object.fromEntries(OF_YAML.map((id) => [id, 'off' as const])),
  ...levels,
});

const BY_ID: ReadonlyMap<string, Rule> = new Map(RULES.map((rule) => [rule.id, rule]));

/** Page about the subject of a rule, in Argo CD's documentation. */
export const linkOf = (id: string): string => BY_ID.get(id)?.link ?? WAVES_PAGE;
