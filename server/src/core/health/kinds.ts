import type { Gvk } from '../object.ts';

/** Kinds with a check in Go. Source: gitops-engine/pkg/health/health.go `GetHealthCheckFunc`. */
export const GO_CHECKS: Readonly<Record<string, string>> = {
  '': 'Pod, Service, PersistentVolumeClaim',
  apps: 'Deployment, StatefulSet, ReplicaSet, DaemonSet',
  batch: 'Job',
  'networking.k8s.io': 'Ingress',
  extensions: 'Ingress',
  autoscaling: 'HorizontalPodAutoscaler',
  'apiregistration.k8s.io': 'APIService',
  'argoproj.io': 'Workflow',
};

/**
 * Kinds with a built-in Lua check; `*` stands for every kind of the group, a leading `*.` for every group below it.
 * Source: argo-cd resource_customizations, 3.6: one row for each of its 241 health.lua.
 */
export const LUA_CHECKS: Readonly<Record<string, string>> = {
  '*.cnrm.cloud.google.com': '*',
  '*.crossplane.io': '*',
  '*.services.k8s.aws': '*',
  '*.upbound.io': '*',
  'acid.zalan.do': 'postgresql',
  'addons.cluster.x-k8s.io': 'ClusterResourceSet',
  'apiextensions.k8s.io': 'CustomResourceDefinition',
  'apps.3scale.net': 'APIManager',
  'apps.kruise.io': 'AdvancedCronJob, BroadcastJob, CloneSet, DaemonSet, StatefulSet',
  'apps.openshift.io': 'DeploymentConfig',
  'argoproj.io': 'AnalysisRun, ApplicationSet, CronWorkflow, EventBus, Experiment, Rollout',
  'astra.netapp.io':
    'AppVault, Application, Backup, ExecHook, ExecHooksRun, ResourceBackup, ResticVolumeBackup, Schedule, Snapshot',
  batch: 'CronJob',
  'beat.k8s.elastic.co': 'Beat',
  'bitnami.com': 'SealedSecret',
  'camel.apache.org': 'Integration',
  'capabilities.3scale.net':
    'ActiveDoc, Application, ApplicationAuth, Backend, CustomPolicyDefinition, DeveloperAccount, DeveloperUser, OpenAPI, Product, ProxyConfigPromote, Tenant',
  'cassandra.rook.io': 'Cluster',
  'cdi.kubevirt.io': 'DataVolume',
  'ceph.rook.io': 'CephCluster, CephObjectStore',
  'cert-manager.io': 'Certificate, ClusterIssuer, Issuer',
  'certmanager.k8s.io': 'Certificate, Issuer',
  'clickhouse-keeper.altinity.com': 'ClickHouseKeeperInstallation',
  'clickhouse.altinity.com': 'ClickHouseInstallation',
  'cloudfront.aws.crossplane.io': 'Distribution',
  'cluster.x-k8s.io': 'Cluster, Machine, MachineDeployment, MachineHealthCheck, MachinePool',
  'controlplane.cluster.x-k8s.io': 'AWSManagedControlPlane',
  'coralogix.com': 'Alert, RecordingRuleGroupSet',
  'core.gardener.cloud': 'Shoot',
  'core.humio.com': 'HumioAction, HumioAlert, HumioCluster, HumioIngestToken, HumioParser, HumioRepository, HumioView',
  'core.spinkube.dev': 'SpinApp',
  'datadoghq.com': 'DatadogMetric',
  'db.atlasgo.io': 'AtlasMigration, AtlasSchema',
  'elasticsearch.k8s.elastic.co': 'Elasticsearch',
  'external-secrets.io': 'ClusterExternalSecret, ClusterSecretStore, ExternalSecret, PushSecret, SecretStore',
  'flagger.app': 'Canary',
  'flink.apache.org': 'FlinkDeployment',
  'game.kruise.io': 'GameServer, GameServerSet',
  'gateway.networking.k8s.io': 'BackendTLSPolicy, GRPCRoute, Gateway, GatewayClass, HTTPRoute',
  'gateway.solo.io': 'Gateway, MatchableHttpGateway, RouteOption, RouteTable, VirtualHostOption, VirtualService',
  'gloo.solo.io': 'Proxy, Settings, Upstream, UpstreamGroup',
  'grafana-org-operator.kubitus-project.gitlab.io': '*',
  'grafana.integreatly.org': 'Grafana, GrafanaDashboard, GrafanaDatasource, GrafanaFolder',
  'helm.toolkit.fluxcd.io': 'HelmRelease',
  'iam.aws.crossplane.io': 'Policy, Role, RolePolicyAttachment',
  'iammanager.keikoproj.io': 'Iamrole',
  'image.toolkit.fluxcd.io': 'ImagePolicy, ImageRepository, ImageUpdateAutomation',
  'install.istio.io': 'IstioOperator',
  'jaegertracing.io': 'Jaeger',
  'k8s.keycloak.org': 'Keycloak',
  'k8s.mariadb.com': 'Backup, Database, Grant, MariaDB, SqlJob, User',
  'kafka.banzaicloud.io': 'KafkaCluster',
  'kafka.strimzi.io': 'Kafka, KafkaBridge, KafkaConnect, KafkaConnector, KafkaTopic, KafkaUser',
  'karpenter.k8s.aws': 'EC2NodeClass',
  'karpenter.sh': 'NodeClaim, NodePool',
  'keda.sh': 'ScaledJob, ScaledObject',
  'kiali.io': 'Kiali',
  'kubernetes-client.io': 'ExternalSecret',
  'kubevirt.io': 'VirtualMachine, VirtualMachineInstance',
  'kustomize.toolkit.fluxcd.io': 'Kustomization',
  'kyverno.io': 'Policy',
  'lifecycle.keptn.sh': 'KeptnAppVersion, KeptnEvaluation, KeptnTask, KeptnWorkloadInstance, KeptnWorkloadVersion',
  'logstash.k8s.elastic.co': 'Logstash',
  'mariadb.mmontes.io': 'MariaDB',
  'metrics.keptn.sh': 'Analysis, KeptnMetric',
  'microgateway.airlock.com': '*',
  'minio.min.io': 'Tenant',
  'monitoring.coreos.com': 'Prometheus',
  'networking.gke.io': 'ManagedCertificate',
  'nmstate.io': 'NodeNetworkConfigurationPolicy',
  'notification.toolkit.fluxcd.io': 'Receiver',
  'numaflow.numaproj.io': 'InterStepBufferService, MonoVertex, Pipeline, Vertex',
  'numaplane.numaproj.io': 'ISBServiceRollout, MonoVertexRollout, NumaflowControllerRollout, PipelineRollout',
  'objectbucket.io': 'ObjectBucketClaim',
  'ocs.openshift.io': 'StorageCluster',
  'onepassword.com': 'OnePasswordItem',
  'openfaas.com': 'Function',
  'opentelemetry.io': 'OpenTelemetryCollector',
  'operator.knative.dev': 'KnativeEventing, KnativeServing',
  'operator.openshift.io': 'IngressController',
  'operator.victoriametrics.com': '*',
  'operators.coreos.com': 'Subscription',
  'pkg.crossplane.io': 'Provider',
  'platform.confluent.io': 'Connect, Connector, ControlCenter, Kafka, KsqlDB, SchemaRegistry, Zookeeper',
  policy: 'PodDisruptionBudget',
  'policy.open-cluster-management.io': 'CertificatePolicy, ConfigurationPolicy, OperatorPolicy, Policy',
  'postgresql.cnpg.io': 'Cluster',
  'proclaim.dogmatiq.io': 'DNSSDServiceInstance',
  'projectcontour.io': 'ExtensionService, HTTPProxy',
  'promoter.argoproj.io':
    'ArgoCDCommitStatus, ChangeTransferPolicy, ClusterScmProvider, CommitStatus, GitCommitStatus, GitRepository, PromotionStrategy, PullRequest, ScmProvider, TimedCommitStatus, WebRequestCommitStatus',
  'psmdb.percona.com': 'PerconaServerMongoDB',
  'pxc.percona.com': 'PerconaXtraDBCluster',
  'pulumi.com': 'Stack',
  'rabbitmq.com': 'Binding, Exchange, Permission, Policy, Queue, RabbitmqCluster, Shovel, User, Vhost',
  'rds.aws.crossplane.io': 'DBCluster, DBInstance',
  'rollouts.kruise.io': 'Rollout',
  'route.openshift.io': 'Route',
  'route53.aws.crossplane.io': 'ResourceRecordSet',
  's3.aws.crossplane.io': 'Bucket',
  'services.cloud.sap.com': 'ServiceBinding, ServiceInstance',
  'serving.knative.dev': 'Service',
  'serving.kserve.io': 'InferenceService',
  'snapshot.storage.k8s.io': 'VolumeSnapshot, VolumeSnapshotContent',
  'solr.apache.org': 'SolrCloud',
  'source.toolkit.fluxcd.io': 'Bucket, GitRepository, HelmChart, HelmRepository, OCIRepository',
  'sparkoperator.k8s.io': 'SparkApplication',
  'spot.io': 'SpotDeployment',
  'stacks.crossplane.io': 'ClusterStackInstall',
  'tower.ansible.com': 'AnsibleJob',
  'trident.netapp.io': 'TridentBackendConfig, TridentOrchestrator',
  'work.karmada.io': 'ClusterResourceBinding, ResourceBinding',
  'zookeeper.pravega.io': 'ZookeeperCluster',
};

type Checks = ReadonlyMap<string, ReadonlySet<string>>;
const table = (rows: Readonly<Record<string, string>>): Checks =>
  new Map(Object.entries(rows).map(([group, kinds]) => [group, new Set(kinds.split(', '))]));

const GO = table(GO_CHECKS);
const LUA = table(LUA_CHECKS);
const WILDCARDS = [...LUA.keys()].filter((group) => group.startsWith('*.')).map((group) => group.slice(1));

/**
 * Does Argo CD know how healthy an object of this kind is? Without a check it counts as done as soon as it exists.
 * `argoproj.io/Application` has none since 1.8, so applications of an app of apps do not wait for one another.
 */
export function hasHealthCheck({ group, kind }: Pick<Gvk, 'group' | 'kind'>): boolean {
  return GO.get(group)?.has(kind) === true || hasLuaCheck({ group, kind });
}

/** Does Argo CD come with a check in Lua for this kind? */
export function hasLuaCheck({ group, kind }: Pick<Gvk, 'group' | 'kind'>): boolean {
  const lua = LUA.get(group);
  if (lua?.has(kind) || lua?.has('*')) return true;
  return group.includes('.') && WILDCARDS.some((suffix) => group.endsWith(suffix));
}
