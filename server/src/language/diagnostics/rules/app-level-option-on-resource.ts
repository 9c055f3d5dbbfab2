import { isApplicationKind, isApplicationOnlyOption } from '../../../core/annotations/catalogue.ts';
import { gvkOf } from '../../../core/object.ts';
import { removeOption } from '../fixes-options.ts';
import { OPTIONS_PAGE } from '../../../core/annotations/pages.ts';
import type { Report, Rule } from '../model.ts';
import { resourceOptions } from '../sync-options.ts';

/** Sync options of the whole application in the annotation of one resource. */
export const appLevelOptionOnResource: Rule = {
  id: 'app-level-option-on-resource',
  defaultLevel: 'warning',
  levels: ['warning'],
  title: 'A sync option that only the Application reads stands on a resource.',
  docs: `\`CreateNamespace\`, \`ApplyOutOfSyncOnly\`, \`FailOnSharedResource\`, \`RespectIgnoreDifferences\`,
\`PrunePropagationPolicy\` and \`ClientSideApplyMigration\` are about a sync as a whole. Argo CD reads them in
\`spec.syncPolicy.syncOptions\` of the Application, and nowhere else: in the annotation of a resource they do nothing.`,
  link: OPTIONS_PAGE,
  examples: {
    bad: `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  annotations:
    argocd.argoproj.io/sync-options: CreateNamespace=true,Prune=false
`,
    good: `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  annotations:
    argocd.argoproj.io/sync-options: Prune=false
`,
  },
  about: ['sync-options'],
  parts: true,
  check: (manifest, { document, facts }) => {
    const itself = isApplicationKind(gvkOf(manifest.object));
    return resourceOptions(document, manifest)
      .filter(({ name }) => isApplicationOnlyOption(name))
      .map(({ name, span, entry }): Report => ({
        level: 'warning',
        span,
        message: itself
          ? `Argo CD reads ${name} in spec.syncPolicy.syncOptions of ${facts.label}, not in its annotation, where it does nothing: move it there.`
          : `Only an Application reads ${name}: on ${facts.label} it does nothing. Move it to spec.syncPolicy.syncOptions of the Application.`,
        fixes: () => [removeOption({ document, manifest, entry, item: name })],
      }));
  },
};
