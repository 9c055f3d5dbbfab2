import { describe } from 'vitest';
import { cases, says, told } from '../rows.ts';

const held = { spec: { suspend: true } };
const unknown = 'Progressing: Status unknown';

describe('sources of Flux', () => {
  for (const kind of ['Bucket', 'GitRepository', 'HelmChart', 'HelmRepository', 'OCIRepository'])
    cases(`source.toolkit.fluxcd.io/v1 ${kind}`, {
      suspended: [{ ...held, ...told(says('Ready=False/Failed')) }, `Suspended: ${kind} is suspended`],
      'without status': [{}, unknown],
      'without conditions': [told(), 'Degraded'],
      reconciling: [told(says('Reconciling=True/New'), says('Ready=Unknown/Progressing')), 'Progressing: Progressing'],
      'ready, nothing stored': [told(says('Ready=True/Succeeded')), 'Degraded: Succeeded'],
      stored: [told(says('Ready=True/Succeeded'), says('ArtifactInStorage=True/Stored')), 'Healthy: Succeeded'],
      outdated: [
        told(says('Ready=False/Failed'), says('ArtifactOutdated=True/NewRevision')),
        'Degraded: Failed NewRevision',
      ],
    });
  cases('source.toolkit.fluxcd.io/v1 HelmRepository', {
    oci: [
      { spec: { type: 'oci' } },
      "Healthy: Helm repositories of type 'oci' do not contain any information in the status.",
    ],
    'oci, suspended': [{ spec: { type: 'oci', suspend: true } }, 'Suspended: HelmRepository is suspended'],
  });
});

cases('helm.toolkit.fluxcd.io/v2 HelmRelease', {
  suspended: [held, 'Suspended: HelmRelease is suspended'],
  'without status': [{}, unknown],
  reconciling: [told(says('Ready=Unknown/Progressing'), says('Reconciling=True/New')), 'Progressing: Progressing'],
  released: [
    told(says('Ready=True/UpgradeSucceeded'), says('Released=True/UpgradeSucceeded')),
    'Healthy: UpgradeSucceeded',
  ],
  'ready alone': [told(says('Ready=True/UpgradeSucceeded')), 'Degraded: UpgradeSucceeded'],
  failed: [told(says('Ready=False/UpgradeFailed'), says('Released=False/UpgradeFailed')), 'Degraded: UpgradeFailed'],
  'tested too, which is one too many': [
    told(says('Ready=True/Ok'), says('Released=True'), says('TestSuccess=True')),
    'Degraded: Ok',
  ],
});

for (const kind of ['kustomize.toolkit.fluxcd.io/v1 Kustomization', 'image.toolkit.fluxcd.io/v1 ImageUpdateAutomation'])
  cases(kind, {
    suspended: [held, `Suspended: ${kind.split(' ')[1] ?? ''} is suspended`],
    'without status': [{}, unknown],
    reconciling: [told(says('Ready=Unknown/Progressing'), says('Reconciling=True/New')), 'Progressing: Progressing'],
    'not known, and not under way': [told(says('Ready=Unknown/Odd')), 'Degraded: Odd'],
    ready: [told(says('Ready=True/Succeeded')), 'Healthy: Succeeded'],
    failed: [told(says('Ready=False/BuildFailed')), 'Degraded: BuildFailed'],
  });

for (const [kind, reason, other] of [
  ['ImageRepository', 'Scanning', 'ApplyingPolicy'],
  ['ImagePolicy', 'ApplyingPolicy', 'Scanning'],
] as const)
  cases(`image.toolkit.fluxcd.io/v1 ${kind}`, {
    'without status': [{}, unknown],
    'under way': [told(says('Ready=False/Waiting'), says(`Reconciling=True/${reason}`)), 'Progressing: Waiting'],
    'under way for a reason that does not count': [
      told(says('Ready=False/Waiting'), says(`Reconciling=True/${other}`)),
      'Degraded: Waiting',
    ],
    ready: [told(says('Ready=True/Succeeded')), 'Healthy: Succeeded'],
    suspended: [held, kind === 'ImagePolicy' ? unknown : 'Suspended: ImageRepository is suspended'],
  });

cases('notification.toolkit.fluxcd.io/v1 Receiver', {
  suspended: [held, 'Suspended: Receiver is suspended'],
  'without status': [{}, unknown],
  ready: [told(says('Ready=True/Succeeded')), 'Healthy: Succeeded'],
  'not ready': [told(says('Ready=False/TokenNotFound'), says('Reconciling=True/Retry')), 'Degraded: TokenNotFound'],
});
