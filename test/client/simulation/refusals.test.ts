// Changes that the API server of Kubernetes 1.36 refuses, in its words, as it was asked for them.
import { expect, test } from 'vitest';
import { keyOf, objectIdOf } from '#core/object';
import { Stop } from '../../../client/src/sync/signal.ts';
import { canonicalQuantity } from '../../../client/src/simulation/quantity.ts';
import { objects, world } from '../simulated.ts';

const never = new Stop();
const SEALED = 'Forbidden: field is immutable when `immutable` is set';
const manifest = (kind: string, body: string, apiVersion = 'v1'): string =>
  `{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: x, namespace: shop}, ${body}}`;
const workload = (kind: string, spec: string): string =>
  manifest(
    kind,
    `spec: {template: {metadata: {labels: {a: b}}, spec: {containers: [{name: m, image: i}]}}, ${spec}}`,
    'apps/v1',
  );
const selects = (label: string): string => `selector: {matchLabels: {a: ${label}}}`;

test.each([
  [
    manifest('ConfigMap', 'immutable: true, data: {a: "1"}'),
    manifest('ConfigMap', 'immutable: true, data: {a: "2"}'),
    `ConfigMap "x" is invalid: data: ${SEALED}`,
  ],
  [
    manifest('Secret', 'immutable: true, data: {a: MQ==}'),
    manifest('Secret', 'data: {a: MQ==}'),
    `Secret "x" is invalid: immutable: ${SEALED}`,
  ],
  [
    manifest('Secret', 'data: {a: MQ==}'),
    manifest('Secret', 'type: x/y, data: {a: MQ==}'),
    'Secret "x" is invalid: type: Invalid value: "x/y": field is immutable',
  ],
  [
    workload('Deployment', selects('b')),
    workload('Deployment', selects('c')),
    'Deployment.apps "x" is invalid: [spec.template.metadata.labels: Invalid value: {"a":"b"}: `selector` does not match template `labels`, spec.selector: Invalid value: {"matchLabels":{"a":"c"}}: field is immutable]',
  ],
  [
    workload('StatefulSet', `${selects('b')}, serviceName: one`),
    workload('StatefulSet', `${selects('b')}, serviceName: two`),
    "StatefulSet.apps \"x\" is invalid: spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
  ],
  [
    manifest('Service', 'spec: {ports: [{port: 80}]}'),
    manifest('Service', 'spec: {clusterIP: None, ports: [{port: 80}]}'),
    'Service "x" is invalid: spec.clusterIPs[0]: Invalid value: ["None"]: may not change once set',
  ],
  [
    manifest('Service', 'spec: {ports: [{port: 80}]}'),
    manifest('Service', 'spec: {ports: [{port: 80, name: a}, {port: 81, name: a}]}'),
    'Service "x" is invalid: spec.ports[1].name: Duplicate value: "a"',
  ],
  [
    manifest('PersistentVolumeClaim', 'spec: {accessModes: [ReadWriteOnce]}'),
    manifest('PersistentVolumeClaim', 'spec: {accessModes: [ReadWriteMany]}'),
    'PersistentVolumeClaim "x" is invalid: spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims',
  ],
  [
    manifest('Pod', 'spec: {containers: [{name: m, image: i}]}'),
    manifest('Pod', 'spec: {containers: [{name: m, image: i}, {name: n, image: i}]}'),
    'Pod "x" is invalid: spec.containers: Forbidden: pod updates may not add or remove containers',
  ],
])('%s and then %s', async (before, after, error) => {
  const { cluster } = world();
  const apply = (text: string) => {
    const [object = {}] = objects(text);
    return cluster.perform({ verb: 'apply', key: keyOf(objectIdOf(object)), object }, never);
  };
  expect((await apply(before)).error).toBeUndefined();
  expect((await apply(after)).error).toBe(error);
  expect((await apply(before)).message).toMatch(/ unchanged$/);
});

test.each([
  ['0.5', '500m'],
  ['1024Mi', '1Gi'],
  ['1000m', '1'],
  ['1000', '1k'],
  ['1.5Gi', '1536Mi'],
  ['100Mi', '100Mi'],
  ['0.1', '100m'],
  [1, '1'],
  ['', ''],
  ['much', 'much'],
])('the quantity %s is stored as %s', (written, stored) => {
  expect(canonicalQuantity(written)).toBe(stored);
});
