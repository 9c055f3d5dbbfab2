import { helmHookType } from '../../../core/annotations/classify.ts';
import { HELM_HOOK, HOOK } from '../../../core/annotations/keys.ts';
import { listOf } from '../../../core/annotations/parse.ts';
import { annotationOf } from '../../../core/object.ts';
import { hasTemplate } from '../../../manifest/template.ts';
import { mayBringEntries } from '../../templates.ts';
import { addAnnotation } from '../fixes.ts';
import { HELM_PAGE } from '../../../core/annotations/pages.ts';
import type { ApplicationManifest, ApplicationReport, Rule } from '../model.ts';
import { annotationValue, nameOrKind } from '../where.ts';

/** Helm hooks of a first install, or of upgrades, that each sync runs. Source: hook/helm/type.go `NewType`. */
export const helmHookRunsEverySync: Rule = {
  id: 'helm-hook-runs-every-sync',
  defaultLevel: 'warning',
  levels: ['warning'],
  title: 'A Helm hook is for installs alone, or for upgrades alone, in a chart that an Application uses.',
  docs: `Argo CD renders a chart and applies it: install and upgrade are both a sync to it. A \`pre-install\` or
\`post-install\` hook therefore runs in every sync, and a \`pre-upgrade\` or \`post-upgrade\` hook in the first one too.
Make the hook safe to run again. If it may run in every sync, say so with \`argocd.argoproj.io/hook\`, which Helm ignores;
\`argocd.argoproj.io/hook: Skip\` leaves it out of all of them.`,
  link: HELM_PAGE,
  examples: {
    file: 'chart/templates/seed.yaml',
    files: {
      'chart/Chart.yaml': 'name: shop\nversion: 1.0.0\n',
      'shop.yaml': `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: shop
spec:
  source:
    repoURL: https://github.com/example/shop.git
    path: chart
`,
    },
    bad: `apiVersion: batch/v1
kind: Job
metadata:
  name: seed
  annotations:
    helm.sh/hook: post-install
`,
    good: `apiVersion: batch/v1
kind: Job
metadata:
  name: seed
  annotations:
    helm.sh/hook: post-install,post-upgrade
`,
  },
  partial: true,
  checkApplication: ({ application, manifests, declaration }) =>
    application.kind !== 'helm' || !declaration
      ? []
      : manifests.flatMap((manifest) => reportOf(manifest, application.name, declaration)),
};

function reportOf(on: ApplicationManifest, application: string, declaration: ApplicationManifest): ApplicationReport[] {
  const { object, facts } = on;
  const value = annotationOf(object, HELM_HOOK);
  if (value === undefined || hasTemplate(value) || annotationOf(object, HOOK) !== undefined) return [];
  const hooks = listOf(object, HELM_HOOK);
  const install = hooks.some((hook) => hook.endsWith('-install') && helmHookType(hook) !== undefined);
  const upgrade = hooks.some((hook) => hook.endsWith('-upgrade') && helmHookType(hook) !== undefined);
  if (install === upgrade) return [];
  const written = on.written();
  if (!written || mayBringEntries(written.placed.document, written.manifest)) return [];
  const [phase = 'PreSync'] = facts.hookTypes;
  const only = install
    ? `Helm runs ${facts.label} at the install alone, Argo CD as ${phase} in every sync`
    : `Helm runs ${facts.label} at upgrades alone, Argo CD as ${phase} in every sync, the first install too`;
  return [
    {
      on,
      where: annotationValue(HELM_HOOK),
      level: 'warning',
      message: `${only}: to it both are a sync. Make it safe to run again and add ${HOOK}: ${phase}, or leave it out of every sync with ${HOOK}: Skip.`,
      related: [{ on: declaration, where: nameOrKind, message: `The Application ${application} applies this chart.` }],
      fixes: (manifest, document) =>
        [
          { value: phase, title: `Let it run in every sync (${phase})` },
          { value: 'Skip', title: 'Leave it out of every sync (Skip)' },
        ].map((fix) => addAnnotation({ document, manifest, key: HOOK, ...fix })),
    },
  ];
}
