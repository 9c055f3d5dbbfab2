import type { KubeObject } from '../../object.ts';
import { textAt } from '../../fields.ts';
import { conditionsOf, type Condition } from '../fields.ts';
import { degraded, healthy, progressing, type Health } from '../model.ts';
import { given } from './script.ts';

const BROKEN = ['CatalogSourcesUnhealthy', 'InstallPlanFailed', 'ResolutionFailed'];

/** Does the subscription wait for a hand to approve an upgrade, with a version installed already? */
const waitsForApproval = (object: KubeObject, conditions: readonly Condition[]): boolean =>
  textAt(object, 'spec', 'installPlanApproval') === 'Manual' &&
  given(object, 'status', 'installedCSV') &&
  conditions.some(
    ({ type, status, reason }) => type === 'InstallPlanPending' && status === 'True' && reason === 'RequiresApproval',
  );

const isBroken = ({ type, status, reason }: Condition): boolean =>
  (type === 'InstallPlanMissing' && reason !== 'ReferencedInstallPlanNotFound') ||
  (BROKEN.includes(type) && status === 'True');

/** Source: resource_customizations/operators.coreos.com/Subscription/health.lua. */
export function subscriptionHealth(object: KubeObject): Health {
  if (!given(object, 'status', 'conditions'))
    return progressing('An install plan for a subscription is pending installation');
  const conditions = conditionsOf(object);
  const manual = waitsForApproval(object, conditions);
  const counted = manual ? conditions.filter(({ type }) => type !== 'InstallPlanPending') : conditions;
  const lines = conditions.map((condition, index) =>
    counted.includes(condition) ? `${index + 1}: ${condition.type} | ${condition.status}\n` : '',
  );
  const state = textAt(object, 'status', 'state');
  const told = given(object, 'status', 'state');
  const approved = manual && state === 'UpgradePending';
  lines.push(
    !told
      ? '.status.state not yet known\n'
      : approved
        ? ".status.state is 'UpgradePending' (manual InstallPlan approval pending; treated as healthy)\n"
        : `.status.state is '${state}'\n`,
  );
  const message = lines.join('');
  if (counted.some(isBroken) || state === 'UpgradeFailed') return degraded(message);
  const pending =
    counted.some(({ type, status }) => type === 'InstallPlanPending' && status === 'True') ||
    ['', 'UpgradeAvailable', 'UpgradePending'].includes(state);
  return pending && !approved ? progressing(message) : healthy(message);
}
