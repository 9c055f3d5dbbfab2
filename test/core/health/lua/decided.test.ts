import { describe } from 'vitest';
import { cases, conditions, says, told } from '../rows.ts';

/** One condition decides; what is said while it does not, and when all is well (otherwise the condition's words). */
const DECIDED: readonly (readonly [kind: string, type: string, waiting: string, fine?: string])[] = [
  ['cert-manager.io/v1 Certificate', 'Ready', 'Waiting for certificate'],
  ['cert-manager.io/v1 Issuer', 'Ready', 'Initializing issuer'],
  ['cert-manager.io/v1 ClusterIssuer', 'Ready', 'Initializing ClusterIssuer'],
  ['certmanager.k8s.io/v1alpha1 Certificate', 'Ready', 'Waiting for certificate'],
  ['certmanager.k8s.io/v1alpha1 Issuer', 'Ready', 'Initializing issuer'],
  ['external-secrets.io/v1 ExternalSecret', 'Ready', 'Waiting for ExternalSecret'],
  ['external-secrets.io/v1 SecretStore', 'Ready', 'Waiting for SecretStore'],
  ['external-secrets.io/v1 ClusterSecretStore', 'Ready', 'Waiting for ClusterSecretStore'],
  ['external-secrets.io/v1alpha1 PushSecret', 'Ready', 'Waiting for PushSecret'],
  ['bitnami.com/v1alpha1 SealedSecret', 'Synced', 'Waiting for Sealed Secret to be decrypted'],
  ['onepassword.com/v1 OnePasswordItem', 'Ready', 'Waiting for controller to report status'],
  ['camel.apache.org/v1 Integration', 'Ready', 'Waiting for Integration'],
  ['karpenter.sh/v1 NodePool', 'Ready', 'Waiting for NodePool to be ready'],
  ['karpenter.k8s.aws/v1 EC2NodeClass', 'Ready', 'Waiting for EC2NodeClass to be ready', 'EC2NodeClass is ready'],
  [
    'addons.cluster.x-k8s.io/v1beta1 ClusterResourceSet',
    'ResourcesApplied',
    'Initializing cluster resource set',
    'cluster resource set is applied',
  ],
  ['coralogix.com/v1alpha1 Alert', 'RemoteSynced', 'Waiting for status to be updated', 'Resource is ready'],
  [
    'coralogix.com/v1alpha1 RecordingRuleGroupSet',
    'RemoteSynced',
    'Waiting for status to be updated',
    'Resource is ready',
  ],
];

describe('one condition decides', () => {
  for (const [kind, type, waiting, fine] of DECIDED)
    cases(kind, {
      'without status': [{}, `Progressing: ${waiting}`],
      'with an empty status': [{ status: {} }, `Progressing: ${waiting}`],
      'without conditions': [told(), `Progressing: ${waiting}`],
      'not known yet': [told(says(`${type}=Unknown`, 'soon')), `Progressing: ${waiting}`],
      'another condition': [told(says('Other=False', 'no')), `Progressing: ${waiting}`],
      false: [told(says(`${type}=False`, 'no')), 'Degraded: no'],
      true: [told(says('Other=False', 'no'), says(`${type}=True`, 'yes')), `Healthy: ${fine ?? 'yes'}`],
      'false without a word': [told(says(`${type}=False`)), 'Degraded'],
    });
});

cases('cert-manager.io/v1 Certificate', {
  'being issued goes before everything': [told(says('Ready=False', 'no'), says('Issuing=True', 'i')), 'Progressing: i'],
  issued: [told(says('Issuing=False', 'i'), says('Ready=True', 'yes')), 'Healthy: yes'],
});

cases('external-secrets.io/v1 ClusterExternalSecret', {
  'without status': [{}, 'Progressing: Waiting for ClusterExternalSecret'],
  'the last condition counts': [told(says('NotReady=True', 'no'), says('Ready=True', 'yes')), 'Healthy: yes'],
  'ready only before': [told(says('Ready=True', 'yes'), says('PartiallyReady=True', 'some')), 'Degraded: some'],
  'not ready': [told(says('NotReady=True', 'no')), 'Degraded: no'],
  'not ready is false': [told(says('NotReady=False', 'no')), 'Progressing: Waiting for ClusterExternalSecret'],
});

describe('kinds of Strimzi, where not ready is a condition', () => {
  for (const [kind, name] of [
    ['Kafka', 'Kafka Cluster'],
    ['KafkaBridge', 'KafkaBridge'],
    ['KafkaConnect', 'Kafka Connect'],
    ['KafkaConnector', 'KafkaConnector'],
    ['KafkaTopic', 'Kafka Topic'],
    ['KafkaUser', 'Kafka User'],
  ] as const)
    cases(`kafka.strimzi.io/v1beta2 ${kind}`, {
      'without status': [{}, `Progressing: Waiting for ${name}`],
      'not ready': [told(says('NotReady=True/Failed', 'no')), 'Degraded: no'],
      'being created': [
        told(says('NotReady=True/Creating', 'creating')),
        kind === 'Kafka' ? 'Progressing: Waiting for Kafka Cluster' : 'Degraded: creating',
      ],
      'ready, without its words': [told(says('Ready=True', 'yes')), 'Healthy'],
      'ready is false': [told(says('Ready=False', 'no')), `Progressing: Waiting for ${name}`],
    });
});

describe('kinds of RabbitMQ', () => {
  for (const kind of ['Binding', 'Exchange', 'Permission', 'Policy', 'Queue', 'Shovel', 'User', 'Vhost']) {
    const what = `RabbitMQ ${kind.toLowerCase()}`;
    cases(`rabbitmq.com/v1beta1 ${kind}`, {
      'without status': [{}, `Unknown: ${what} status is unknown`],
      ready: [told(says('Ready=True/SuccessfulCreateOrUpdate', 'x')), `Healthy: ${what} ready`],
      failed: [told(says('Ready=False/FailedCreateOrUpdate')), `Degraded: ${what} failed to be created or updated`],
      'for another reason': [told(says('Ready=False/Other')), `Unknown: ${what} status is unknown`],
    });
  }
});

cases('argoproj.io/v1alpha1 EventBus', {
  'without status': [{}, 'Progressing: Waiting for initialization'],
  'not known yet': [told(says('Deployed=Unknown', 'm')), 'Progressing: Waiting for initialization'],
  deployed: [told(says('Deployed=True/Done', 'm')), 'Healthy: m'],
  'without message, by its reason': [told(says('Deployed=False/Broken')), 'Degraded: Broken'],
  'an empty message is one': [{ status: conditions(says('Deployed=False/Broken', '')) }, 'Degraded'],
});
