import { isApplicationOnlyOption, isInertOption } from '../../../core/annotations/catalogue.ts';
import { isAtLeast } from '../../../core/versions.ts';
import type { Manifest } from '../../../manifest/model.ts';
import { removeOption, replaceOption } from '../fixes-options.ts';
import { OPTIONS_PAGE } from '../../../core/annotations/pages.ts';
import type { Report, Rule, RuleContext } from '../model.ts';
import { applicationOptions, resourceOptions } from '../sync-options.ts';

/** Sync options that say what holds anyway. Source: gitops-engine/pkg/sync/common/types.go. */
export const noopSyncOption: Rule = {
  id: 'noop-sync-option',
  defaultLevel: 'info',
  levels: ['info'],
  title: 'A sync option says what holds anyway, or what Argo CD never looks for.',
  docs: `Argo CD looks for \`Replace=true\` and \`Validate=false\`, never for \`Replace=false\` or \`Validate=true\`: such an option does
nothing. It does not take back what the Application says either: a resource cannot opt out of a \`Replace=true\` of its
Application. Only \`ServerSideApply=false\`, \`Prune=true\` and \`Delete=true\` on a resource overrule the Application.`,
  link: OPTIONS_PAGE,
  examples: {
    bad: `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  annotations:
    argocd.argoproj.io/sync-options: Replace=false,Prune=false
`,
    good: `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  annotations:
    argocd.argoproj.io/sync-options: Prune=false
`,
  },
  about: ['sync-options', 'application'],
  parts: true,
  check: (manifest, context) => [...onResource(manifest, context), ...onApplication(manifest, context)],
};

function onResource(manifest: Manifest, { document, facts, argocdVersion }: RuleContext): Report[] {
  return resourceOptions(document, manifest)
    .filter(({ name }) => isInertOption(name, 'resource') && !isApplicationOnlyOption(name))
    .map(({ name, span, entry }): Report => ({
      level: 'info',
      span,
      message: `${name} does nothing on ${facts.label}${exception(name, argocdVersion)}`,
      fixes: () => [removeOption({ document, manifest, entry, item: name })],
    }));
}

/** What an Application may say, and whether the option takes it back. */
function exception(option: string, argocdVersion: string): string {
  const [name] = option.split('=');
  switch (option) {
    case 'Prune=true':
    case 'Delete=true':
      return isAtLeast(argocdVersion, '3.4')
        ? `, unless its Application says ${name ?? ''}=false or ${name ?? ''}=confirm: it is the default. Remove it where that is not so.`
        : ': it is the default. Remove it.';
    case 'Replace=false':
      return ': Argo CD looks for Replace=true alone, and a resource cannot opt out of that of its Application. Remove it.';
    default:
      return ': it says what holds anyway, and takes back nothing that the Application says. Remove it.';
  }
}

function onApplication(manifest: Manifest, { document, facts }: RuleContext): Report[] {
  return applicationOptions(manifest)
    .filter(({ value }) => isInertOption(value, 'application'))
    .map((item): Report => ({
      level: 'info',
      span: item.span,
      message: `${item.value} does nothing in syncOptions of ${facts.label}: it says what holds anyway. Remove it.`,
      fixes: () => [replaceOption({ document, item, by: [], title: `Remove ${item.value}` })],
    }));
}
