import fc from 'fast-check';
import type { Json, JsonObject } from '#core/object';

export const some = (...values: Json[]): fc.Arbitrary<Json> => fc.constantFrom(...values);
export const partial = (fields: Record<string, fc.Arbitrary<Json>>, ...required: string[]): fc.Arbitrary<JsonObject> =>
  fc.record(fields, { requiredKeys: required as never[] }) as fc.Arbitrary<JsonObject>;
export const list = (item: fc.Arbitrary<Json>, minLength = 0, maxLength = 3): fc.Arbitrary<Json> =>
  fc.array(item, { minLength, maxLength });
/** A list whose items differ in what `key` gives. */
export const listBy = (
  item: fc.Arbitrary<JsonObject>,
  key: (item: JsonObject) => Json | undefined,
  minLength = 0,
): fc.Arbitrary<Json> => fc.uniqueArray(item, { minLength, maxLength: 3, selector: (one) => JSON.stringify(key(one)) });
export const named = (fields: Record<string, fc.Arbitrary<Json>>, minLength = 0): fc.Arbitrary<Json> =>
  listBy(partial({ name: some('a', 'b', 'c'), ...fields }, 'name'), (one) => one['name'], minLength);

export const texts = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'x.y/z'), fc.constantFrom('1', '2', '', '<&>'), {
  maxKeys: 3,
}) as fc.Arbitrary<JsonObject>;
export const labels = fc.dictionary(fc.constantFrom('a', 'b', 'x.y/z'), fc.constantFrom('1', '2', ''), {
  maxKeys: 3,
}) as fc.Arbitrary<JsonObject>;
const source = fc.oneof(
  some(
    { emptyDir: {} },
    { emptyDir: { medium: 'Memory' } },
    { configMap: { name: 'one' } },
    { secret: { secretName: 's' } },
  ),
) as fc.Arbitrary<JsonObject>;
const handler = some(
  { exec: { command: ['a'] } },
  { httpGet: { path: '/', port: 80 } },
  { tcpSocket: { port: 'http' } },
);
const probe = fc
  .tuple(handler, partial({ periodSeconds: some(3, 7), initialDelaySeconds: some(0, 2) }))
  .map(([how, more]): JsonObject => ({ ...(how as JsonObject), ...more }));
const container = {
  image: some('nginx:1', 'nginx:2'),
  command: list(some('a', 'b')),
  env: named({ value: some('1', '2', '') }),
  ports: listBy(partial({ containerPort: some(53, 80, 443), protocol: some('TCP', 'UDP') }, 'containerPort'), (one) => [
    one['containerPort'] ?? '',
    one['protocol'] ?? 'TCP',
  ]),
  volumeMounts: listBy(
    partial({ name: some('v1', 'v2'), mountPath: some('/a', '/b'), readOnly: some(true, false) }, 'name', 'mountPath'),
    (one) => one['mountPath'],
  ),
  resources: some(
    {},
    { limits: { cpu: '0.5' } },
    { limits: { cpu: '500m', memory: '1Gi' }, requests: { cpu: '100m' } },
  ),
  readinessProbe: probe,
  imagePullPolicy: some('Always', 'IfNotPresent'),
  tty: some(true, false, null),
};
const podSpec = fc
  .tuple(
    source,
    source,
    partial(
      {
        containers: named(container, 1),
        initContainers: list(some({ name: 'i', image: 'busybox:1' }), 0, 1),
        tolerations: list(
          partial({ key: some('a', 'b'), operator: some('Exists'), effect: some('NoSchedule') }, 'key', 'operator'),
        ),
        nodeSelector: labels,
        hostAliases: listBy(
          partial({ ip: some('10.0.0.1', '10.0.0.2'), hostnames: list(some('h', 'i'), 1) }, 'ip', 'hostnames'),
          (one) => one['ip'],
        ),
        imagePullSecrets: named({}),
        terminationGracePeriodSeconds: some(0, 30, 5),
        securityContext: some({}, { runAsUser: 1000 }, { fsGroup: 3 }),
        serviceAccountName: some('default', 'other'),
      },
      'containers',
    ),
  )
  .map(([one, two, spec]): JsonObject => ({
    ...spec,
    volumes: [
      { name: 'v1', ...one },
      { name: 'v2', ...two },
    ],
  }))
  .map((spec) => withImages(spec));

function withImages(spec: JsonObject): JsonObject {
  const image = (item: Json): Json => ({ image: 'nginx:0', ...(item as JsonObject) });
  const filled = ['containers', 'initContainers'].flatMap((key) => {
    const items = spec[key];
    return Array.isArray(items) ? [[key, items.map(image)] as const] : [];
  });
  return { ...spec, ...Object.fromEntries(filled) };
}

/** Templates of pods whose labels hold some that are fixed. */
export const template = (fixed: JsonObject): fc.Arbitrary<JsonObject> =>
  fc.tuple(labels, podSpec).map(([more, spec]): JsonObject => ({ metadata: { labels: { ...more, ...fixed } }, spec }));
