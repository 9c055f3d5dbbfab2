import { kindOf } from '../../object.ts';
import { flagAt, textAt } from '../../fields.ts';
import { conditionsOf } from '../fields.ts';
import { degraded, healthy, progressing } from '../model.ts';
import { forKinds, given, suspended, type Check, type Checks } from './script.ts';

interface Script {
  /** Conditions that must be true, together with Ready: exactly so many of them. */
  readonly good: readonly string[];
  /** How many conditions in all must be true. */
  readonly needed: number;
  /** The status of Ready that, with a reconciliation under way, is progress; absent: never. */
  readonly waiting?: 'Unknown' | 'False';
  /** The reasons of a reconciliation that count; absent: every one. */
  readonly reasons?: readonly string[];
}

/**
 * All scripts of Flux count conditions. One that is not ready is degraded unless it says that it reconciles, and one
 * without conditions has an unknown status. Source: resource_customizations/*.toolkit.fluxcd.io.
 */
const flux =
  ({ good, needed, waiting, reasons }: Script): Check =>
  (object) => {
    if (!given(object, 'status', 'conditions')) return progressing('Status unknown');
    let waits = 0;
    let fine = 0;
    let message = '';
    for (const { type, status, reason } of conditionsOf(object)) {
      if (type === 'Ready') {
        if (status === 'True') fine++;
        else if (status === waiting) waits++;
        message = reason;
      } else if (status !== 'True') continue;
      else if (type === 'Reconciling' && (reasons?.includes(reason) ?? true)) waits++;
      else if (type === 'ArtifactOutdated' && good.includes('ArtifactInStorage')) message += ` ${reason}`;
      else if (good.includes(type)) fine++;
    }
    if (waits === 2 && waiting) return progressing(message);
    return fine === needed ? healthy(message) : degraded(message);
  };

/** Kinds that can be suspended say so whatever their status is. */
const orSuspended =
  (check: Check): Check =>
  (object) =>
    flagAt(object, 'spec', 'suspend') ? suspended(`${kindOf(object)} is suspended`) : check(object);

const source = flux({ good: ['ArtifactInStorage'], needed: 2, waiting: 'Unknown' });
const reconciled = flux({ good: [], needed: 1, waiting: 'Unknown' });
const OCI = "Helm repositories of type 'oci' do not contain any information in the status.";

export const FLUX: Checks = {
  ...forKinds(
    'source.toolkit.fluxcd.io',
    ['Bucket', 'GitRepository', 'HelmChart', 'OCIRepository'],
    orSuspended(source),
  ),
  'source.toolkit.fluxcd.io/HelmRepository': orSuspended((object) =>
    textAt(object, 'spec', 'type') === 'oci' ? healthy(OCI) : source(object),
  ),
  // A release whose tests passed too has three good conditions, and is degraded for the script.
  'helm.toolkit.fluxcd.io/HelmRelease': orSuspended(
    flux({ good: ['Released', 'TestSuccess'], needed: 2, waiting: 'Unknown' }),
  ),
  'kustomize.toolkit.fluxcd.io/Kustomization': orSuspended(reconciled),
  'image.toolkit.fluxcd.io/ImageUpdateAutomation': orSuspended(reconciled),
  'image.toolkit.fluxcd.io/ImageRepository': orSuspended(
    flux({ good: [], needed: 1, waiting: 'False', reasons: ['NewGeneration', 'Scanning'] }),
  ),
  'image.toolkit.fluxcd.io/ImagePolicy': flux({
    good: [],
    needed: 1,
    waiting: 'False',
    reasons: ['NewGeneration', 'AccessingRepository', 'ApplyingPolicy'],
  }),
  'notification.toolkit.fluxcd.io/Receiver': orSuspended(flux({ good: [], needed: 1 })),
};
