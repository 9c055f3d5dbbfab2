import type { PatchField, PatchSchema } from '#core/apply/patch';

/** A type for tests: its fields by name; what is not named has no description. */
export const type = (name: string, fields: Readonly<Record<string, PatchField>>): PatchSchema => ({
  name,
  field: (key) => (Object.hasOwn(fields, key) ? fields[key] : undefined),
});

const NONE = type('none', {});
const field = (schema: PatchSchema, mergeKey: string, ...strategies: string[]): PatchField => ({
  schema,
  mergeKey,
  strategies,
});

/** A map whose keys are merged, or a list that is replaced. */
export const plain = (schema: PatchSchema = NONE): PatchField => field(schema, '');
/** A list of maps that are merged by their key. */
export const merged = (mergeKey: string, schema: PatchSchema, ...more: string[]): PatchField =>
  field(schema, mergeKey, 'merge', ...more);
/** A list of values that are merged. */
export const values: PatchField = field(NONE, '', 'merge');
/** A map whose keys that are not said go. */
export const retained = (schema: PatchSchema = NONE): PatchField => field(schema, '', 'retainKeys');
/** A map that is replaced as a whole. */
export const replaced: PatchField = field(NONE, '', 'replace');

const port = type('ContainerPort', {});
const container = type('Container', {
  env: merged('name', type('EnvVar', { valueFrom: plain() })),
  ports: merged('containerPort', port),
  command: plain(),
  resources: plain(type('Resources', { limits: plain() })),
});
const volume = type('Volume', { configMap: plain(), emptyDir: plain(), secret: plain() });
const podSpec = type('PodSpec', {
  containers: merged('name', container),
  volumes: merged('name', volume, 'retainKeys'),
  tolerations: plain(),
  nodeSelector: plain(),
});
const objectMeta = type('ObjectMeta', { annotations: plain(), labels: plain(), finalizers: values });
const template = type('Template', { metadata: plain(objectMeta), spec: plain(podSpec) });

/** What is like a Deployment, with one field of each way to be merged. */
export const DEPLOYMENT = type('Deployment', {
  metadata: plain(objectMeta),
  spec: plain(
    type('DeploymentSpec', {
      selector: plain(type('Selector', { matchLabels: plain() })),
      strategy: retained(type('Strategy', { rollingUpdate: plain() })),
      template: plain(template),
      whole: replaced,
      ports: merged('port', type('ServicePort', {})),
    }),
  ),
});
