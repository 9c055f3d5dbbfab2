import { SYNC_OPTIONS } from '../../../core/annotations/keys.ts';
import { listOf } from '../../../core/annotations/parse.ts';
import { manifestPlace } from '../field-place.ts';
import { removeSyncOptions } from '../fixes-hooks.ts';
import { isTold, syncPhasesOf } from '../hook-facts.ts';
import { OPTIONS_PAGE } from '../../../core/annotations/pages.ts';
import { entryOf, type Rule } from '../model.ts';

/** Hooks that are created, not applied. Source: gitops-engine/pkg/sync/sync_context.go `applyObject`. */
export const replaceBreaksHooks: Rule = {
  id: 'replace-breaks-hooks',
  defaultLevel: 'warning',
  levels: ['warning'],
  title: 'Replace=true stands on a hook, or on an Application that has hooks.',
  docs: `With \`Replace=true\` Argo CD does not apply a hook: it creates it (\`kubectl create\`), or replaces the one that it
knows of. Where one is left that it does not know of the sync fails (\`already exists\`), and a Job that is there cannot be
replaced (\`field is immutable\`). A resource cannot opt out of a \`Replace=true\` of its Application. Put the option on the
resources that need it, and leave it off hooks: BeforeHookCreation makes them anew already.`,
  link: OPTIONS_PAGE,
  examples: {
    bad: `apiVersion: batch/v1
kind: Job
metadata:
  name: db-migration
  annotations:
    argocd.argoproj.io/hook: PreSync
    argocd.argoproj.io/sync-options: Replace=true
`,
    good: `apiVersion: batch/v1
kind: Job
metadata:
  name: db-migration
  annotations:
    argocd.argoproj.io/hook: PreSync
`,
  },
  about: ['hook'],
  /** The option on the hook itself. */
  check: (manifest, { document, facts }) => {
    if (syncPhasesOf(manifest, facts).length === 0 || isTold(manifest, SYNC_OPTIONS)) return [];
    const options = listOf(manifest.object, SYNC_OPTIONS);
    if (!options.includes('Replace=true')) return [];
    const unneeded = options.filter((option) => option === 'Replace=true' || option === 'Force=true');
    return [
      {
        level: 'warning',
        span: entryOf(manifest, SYNC_OPTIONS)?.valueSpan ?? manifestPlace(manifest, document),
        message: `With Replace=true Argo CD creates the hook ${facts.label} instead of applying it: where an earlier one is still there the sync fails (already exists, or field is immutable). Remove it: BeforeHookCreation makes the hook anew in every sync.`,
        fixes: () => [removeSyncOptions({ document, manifest }, unneeded)],
      },
    ];
  },
  /** The option on the Application, which holds for everything that it syncs. */
  checkApplication: ({ application, declaration, manifests }) => {
    if (!declaration || !application.syncOptions.includes('Replace=true')) return [];
    const hooks = manifests.filter(({ facts }) => facts.isHook && facts.hookTypes.some((type) => type !== 'Skip'));
    const [first] = hooks;
    if (!first) return [];
    const rest = hooks.length > 1 ? ` and ${hooks.length - 1} more` : '';
    return [
      {
        on: declaration,
        where: ({ syncOptions }) => syncOptions?.find(({ value }) => value === 'Replace=true')?.span,
        level: 'warning',
        message: `With Replace=true on the Application Argo CD creates its hooks (${first.facts.label}${rest}) instead of applying them: where an earlier one is still there the sync fails (already exists, or field is immutable), and no hook can opt out. Put Replace=true on the resources that need it.`,
        related: [{ on: first, message: `${first.facts.label} is a hook` }],
      },
    ];
  },
};
