import type { KubeObject } from '../../object.ts';
import { asCondition, conditionsOf } from '../fields.ts';
import { degraded, healthy, progressing, type Health } from '../model.ts';
import { forKinds, rawConditionsOf, textOr, type Check, type Checks } from './script.ts';

/** The first condition of a type that is true or false decides; until then the object is progressing. */
export function byCondition(object: KubeObject, type: string, waiting: string, fine?: string): Health {
  const decided = conditionsOf(object).find(
    (condition) => condition.type === type && (condition.status === 'True' || condition.status === 'False'),
  );
  if (!decided) return progressing(waiting);
  return decided.status === 'True' ? healthy(fine ?? decided.message) : degraded(decided.message);
}

/** Kinds whose script is nothing else: the condition, what is said until it is there, and when it is true. */
const decidedBy =
  (type: string, waiting: string, fine?: string): Check =>
  (object) =>
    byCondition(object, type, waiting, fine);

/** Source: resource_customizations/cert-manager.io/Certificate/health.lua. */
function certificateHealth(object: KubeObject): Health {
  const issuing = conditionsOf(object).find(({ type, status }) => type === 'Issuing' && status === 'True');
  return issuing ? progressing(issuing.message) : byCondition(object, 'Ready', 'Waiting for certificate');
}

/** The newest condition is the last. Source: resource_customizations/external-secrets.io/ClusterExternalSecret. */
function clusterExternalSecretHealth(object: KubeObject): Health {
  const last = conditionsOf(object).at(-1);
  if (last?.status === 'True') {
    if (last.type === 'Ready') return healthy(last.message);
    if (last.type === 'PartiallyReady' || last.type === 'NotReady') return degraded(last.message);
  }
  return progressing('Waiting for ClusterExternalSecret');
}

/** Not ready is a condition of its own. Source: resource_customizations/kafka.strimzi.io. */
const strimzi =
  (waiting: string, creating?: string): Check =>
  (object) => {
    const said = conditionsOf(object).find(
      ({ type, status, reason }) =>
        status === 'True' && (type === 'Ready' || (type === 'NotReady' && reason !== creating)),
    );
    if (!said) return progressing(waiting);
    return said.type === 'Ready' ? healthy() : degraded(said.message);
  };

/** Source: resource_customizations/argoproj.io/EventBus/health.lua. */
function eventBusHealth(object: KubeObject): Health {
  const deployed = rawConditionsOf(object).find((condition) => {
    const { type, status } = asCondition(condition);
    return type === 'Deployed' && (status === 'True' || status === 'False');
  });
  if (!deployed) return progressing('Waiting for initialization');
  const { status, reason } = asCondition(deployed);
  const message = textOr(deployed, 'message', reason);
  return status === 'True' ? healthy(message) : degraded(message);
}

const RABBIT = ['Binding', 'Exchange', 'Permission', 'Policy', 'Queue', 'Shovel', 'User', 'Vhost'];

/** Source: resource_customizations/rabbitmq.com. */
const rabbit =
  (what: string): Check =>
  (object) => {
    for (const { type, status, reason } of conditionsOf(object)) {
      if (type !== 'Ready') continue;
      if (status === 'True' && reason === 'SuccessfulCreateOrUpdate') return healthy(`RabbitMQ ${what} ready`);
      if (status === 'False' && reason === 'FailedCreateOrUpdate')
        return degraded(`RabbitMQ ${what} failed to be created or updated`);
    }
    return { status: 'Unknown', message: `RabbitMQ ${what} status is unknown` };
  };

/** Sources: the scripts of these groups and kinds in resource_customizations. */
export const DECIDED: Checks = {
  'cert-manager.io/Certificate': certificateHealth,
  'cert-manager.io/Issuer': decidedBy('Ready', 'Initializing issuer'),
  'cert-manager.io/ClusterIssuer': decidedBy('Ready', 'Initializing ClusterIssuer'),
  'certmanager.k8s.io/Certificate': decidedBy('Ready', 'Waiting for certificate'),
  'certmanager.k8s.io/Issuer': decidedBy('Ready', 'Initializing issuer'),
  'external-secrets.io/ClusterExternalSecret': clusterExternalSecretHealth,
  ...Object.fromEntries(
    ['ExternalSecret', 'SecretStore', 'ClusterSecretStore', 'PushSecret'].map((kind) => [
      `external-secrets.io/${kind}`,
      decidedBy('Ready', `Waiting for ${kind}`),
    ]),
  ),
  'bitnami.com/SealedSecret': decidedBy('Synced', 'Waiting for Sealed Secret to be decrypted'),
  'onepassword.com/OnePasswordItem': decidedBy('Ready', 'Waiting for controller to report status'),
  'camel.apache.org/Integration': decidedBy('Ready', 'Waiting for Integration'),
  'karpenter.sh/NodePool': decidedBy('Ready', 'Waiting for NodePool to be ready'),
  'karpenter.k8s.aws/EC2NodeClass': decidedBy('Ready', 'Waiting for EC2NodeClass to be ready', 'EC2NodeClass is ready'),
  'addons.cluster.x-k8s.io/ClusterResourceSet': decidedBy(
    'ResourcesApplied',
    'Initializing cluster resource set',
    'cluster resource set is applied',
  ),
  ...forKinds(
    'coralogix.com',
    ['Alert', 'RecordingRuleGroupSet'],
    decidedBy('RemoteSynced', 'Waiting for status to be updated', 'Resource is ready'),
  ),
  'argoproj.io/EventBus': eventBusHealth,
  'kafka.strimzi.io/Kafka': strimzi('Waiting for Kafka Cluster', 'Creating'),
  'kafka.strimzi.io/KafkaBridge': strimzi('Waiting for KafkaBridge'),
  'kafka.strimzi.io/KafkaConnect': strimzi('Waiting for Kafka Connect'),
  'kafka.strimzi.io/KafkaConnector': strimzi('Waiting for KafkaConnector'),
  'kafka.strimzi.io/KafkaTopic': strimzi('Waiting for Kafka Topic'),
  'kafka.strimzi.io/KafkaUser': strimzi('Waiting for Kafka User'),
  ...Object.fromEntries(RABBIT.map((kind) => [`rabbitmq.com/${kind}`, rabbit(kind.toLowerCase())])),
};
