import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeJson } from '#core/json';
import { apiVersionOf, keyOf, metadataOf, objectIdOf, type Json, type JsonObject, type KubeObject } from '#core/object';
import type { Response } from '#core/sync/model';
import type { KubernetesCluster } from '../../client/src/kube/kubernetes.ts';
import { objectsOf, without } from '../../client/src/sync/json.ts';
import { cleaned } from '../../client/src/sync/kubectl-texts.ts';
import { inParallel } from '../../client/src/sync/in-parallel.ts';
import { DEFINITIONS, KINDS, type AppliedKind } from './apply-objects.ts';
import { admin, freshNamespace, get, open, plane, post, running, until } from './plane.ts';

const kubectlProgram = process.env['ARGOCD_HOOKS_KUBECTL'] ?? '';
/** Another seed gives other objects and other changes. */
const SEED = Number(process.env['ARGOCD_HOOKS_SEED'] ?? 5);
const OF_EACH_KIND = Number(process.env['ARGOCD_HOOKS_OBJECTS'] ?? 6);
const MANAGER = 'argocd-controller';

let cluster: KubernetesCluster;
let ours: string;
let theirs: string;
const folder = mkdtempSync(path.join(tmpdir(), 'argocd-hooks-apply-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(async () => {
  for (const definition of DEFINITIONS) {
    await post('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition);
  }
  await until('the custom kinds', async () => {
    const { resources } = await get('/apis/apply.example.com/v1');
    return objectsOf(resources).length === DEFINITIONS.length;
  });
  cluster = await open();
  [ours, theirs] = [await freshNamespace('apply-ours'), await freshNamespace('apply-kubectl')];
}, 60_000);

interface Told {
  readonly out: string;
  readonly errors: string;
}

/** Runs kubectl as the user whose writes are the other namespace's. */
function kubectl(...args: readonly string[]): Promise<Told> {
  const flags = ['--kubeconfig', plane.kubeconfigs.argocd, '--cache-dir', path.join(folder, 'cache'), '-n', theirs];
  return new Promise((resolve) => {
    const env = { PATH: process.env['PATH'] ?? '', HOME: folder };
    execFile(kubectlProgram, [...flags, ...args], { env, maxBuffer: 1 << 26 }, (_error, out, errors) =>
      resolve({ out, errors }),
    );
  });
}

function fileOf(objects: readonly KubeObject[]): string {
  const file = path.join(folder, 'objects.json');
  writeFileSync(file, writeJson({ apiVersion: 'v1', kind: 'List', items: [...objects] }));
  return file;
}

const kubectlApply = (objects: readonly KubeObject[]): Promise<Told> =>
  kubectl('apply', '--validate=ignore', `--field-manager=${MANAGER}`, '-f', fileOf(objects));

const apply = (object: KubeObject, force = false): Promise<Response> =>
  cluster.perform({ verb: 'apply', key: keyOf(objectIdOf(object)), object, manager: MANAGER, force }, running);

const rootOf = (apiVersion: string): string =>
  apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
const pathOf = ({ apiVersion, plural }: AppliedKind, namespace: string, name: string): string =>
  `${rootOf(apiVersion)}/namespaces/${namespace}/${plural}/${name}`;

/** One object of the test: what it is like at each step, in a namespace, and what others do to it after each apply. */
interface Story {
  readonly kind: AppliedKind;
  readonly name: string;
  readonly states: (namespace: string) => readonly KubeObject[];
  readonly foreign: readonly (readonly [string, JsonObject] | undefined)[];
}

const STEPS = 4;

/** The stories of all kinds, the same for both namespaces. */
function stories(): Story[] {
  return KINDS.flatMap((kind, number) => {
    const foreign = fc.array(fc.option(fc.constantFrom(...kind.foreign), { nil: undefined }), {
      minLength: STEPS,
      maxLength: STEPS,
    });
    const foreigns = fc.sample(foreign, { seed: SEED + number, numRuns: OF_EACH_KIND });
    const bodiesIn = (namespace: string): JsonObject[][] =>
      fc.sample(fc.tuple(kind.body(namespace), kind.body(namespace)), { seed: SEED + number, numRuns: OF_EACH_KIND });
    return foreigns.map((chosen, i): Story => {
      const name = `${kind.kind.toLowerCase()}-${i}`;
      const states = (namespace: string): KubeObject[] => {
        const [first = {}, second = {}] = (bodiesIn(namespace)[i] ?? []).map((body): KubeObject => ({
          ...body,
          apiVersion: kind.apiVersion,
          kind: kind.kind,
          metadata: { ...metadataOf(body), name, namespace },
        }));
        // As it is, unchanged, another, and back.
        return [first, first, second, first];
      };
      return { kind, name, states, foreign: chosen };
    });
  });
}

/** The object as both have to have it: without what differs by its place and its time. */
function plain(object: KubeObject, namespace: string): Json {
  const managed = objectsOf(metadataOf(object)['managedFields']).filter((entry) => entry['manager'] === MANAGER);
  const metadata = {
    ...without(metadataOf(object), 'uid', 'resourceVersion', 'creationTimestamp', 'managedFields'),
    // Roles are made by `auth reconcile` under kubectl's own name there.
    ...(apiVersionOf(object).startsWith('rbac') ? {} : { managed: managed.map((entry) => without(entry, 'time')) }),
  };
  const text = JSON.stringify({ ...without(object, 'status'), metadata }, (key, value: unknown) =>
    ['clusterIP', 'clusterIPs', 'deployment.kubernetes.io/revision'].includes(key)
      ? undefined
      : typeof value === 'bigint'
        ? `${value}n`
        : value,
  );
  return JSON.parse(text.replaceAll(namespace, 'NAMESPACE')) as Json;
}

/** What kubectl answered for one of several objects: its line, or why it was refused. */
function answerOf({ out, errors }: Told, shown: string, name: string): string {
  const line = out.split('\n').find((one) => one.startsWith(`${shown} `));
  if (line !== undefined) return line;
  for (const block of errors.split(
    /^(?=(?:Error from server \(\w+\): )?error when (?:applying patch|creating)|The )/m,
  )) {
    const [, one, other] = /^Name: "([^"]*)"|"([^"]*)" is invalid/m.exec(block) ?? [];
    if (one === name || other === name) return refusalOf(block);
  }
  return errors;
}

/**
 * Why kubectl refused an object, in the words that Argo CD makes of it. It leaves out file and group of a single one that
 * is invalid.
 */
function refusalOf(errors: string): string {
  const text = errors.replace(/^[\s\S]*error when (?:patching|creating) "[^"]*": /, '');
  const why = text.startsWith('creating patch with:') ? text.slice(text.lastIndexOf('\nfor: ') + 6) : text;
  return withoutGroup(cleaned(why.replace(/^The (?=\w+ ")/, '')));
}
const withoutGroup = (text: string): string => text.replace(/^(\w+)\.[\w.]+ "/, '$1 "');

const isRbac = ({ apiVersion }: AppliedKind): boolean => apiVersion.startsWith('rbac');

/** kubectl's warnings, by `roles/name`, in the words that Argo CD makes of them. */
function warningsIn({ errors }: Told): ReadonlyMap<string, string> {
  const lines = errors.split('\n').filter((line) => line.startsWith('Warning: resource '));
  return new Map(
    lines.map((line) => [
      line.split(' ')[2] ?? '',
      line.replaceAll('kubectl apply', ' apply').replace('kubectl create', ' create'),
    ]),
  );
}

test('random objects and changes: the same object, the same words, the same refusals as with kubectl', async () => {
  const all = stories();
  const words = new Map<string, number>();
  for (let step = 0; step < STEPS; step++) {
    const states = (namespace: string): KubeObject[] => all.map((story) => story.states(namespace)[step] ?? {});
    const rbac = states(theirs).filter((_object, i) => isRbac((all[i] as Story).kind));
    const reconciled = await kubectl('auth', 'reconcile', '-f', fileOf(rbac));
    const told = await kubectlApply(states(theirs));
    const warnings = warningsIn(told);
    const answers = await inParallel(states(ours), 8, (object) => apply(object));

    const reports: string[] = [];
    for (const [i, { kind, name }] of all.entries()) {
      const group = kind.apiVersion.includes('/') ? `.${kind.apiVersion.split('/')[0] ?? ''}` : '';
      const shown = `${kind.kind.toLowerCase()}${group}/${name}`;
      const warning = warnings.get(`${kind.plural}/${name}`);
      const wanted = answerOf(told, shown, name);
      const { error = '' } = answers[i] as Response;
      let { message = '' } = answers[i] as Response;
      if (isRbac(kind) && message !== '') {
        const at = message.lastIndexOf(`${shown} `);
        expect(message.startsWith(`${shown} reconciled`)).toBe(true);
        expect(reconciled.out).toContain(`${shown} reconciled\n`);
        reports.push(message.slice(`${shown} reconciled`.length, at).replace(/^\. /, ''));
        message = message.slice(at);
      }
      expect(error === '' ? message : withoutGroup(error), `step ${step}`).toBe(
        (error === '' ? wanted + (warning === undefined ? '' : `. ${warning}`) : wanted).replaceAll(theirs, ours),
      );
      const word = error === '' ? (wanted.split(' ')[1] ?? '') : 'refused';
      words.set(word, (words.get(word) ?? 0) + 1);
    }
    const lines = (text: string): string[] =>
      text
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '');
    expect(reports.flatMap(lines)).toEqual(lines(reconciled.errors).map((line) => line.replaceAll(theirs, ours)));

    await inParallel(all, 8, async ({ kind, name, foreign }) => {
      const [mine, other] = await Promise.all(
        [ours, theirs].map(async (namespace) => {
          try {
            return plain(await get(pathOf(kind, namespace, name)), namespace);
          } catch {
            return 'refused';
          }
        }),
      );
      expect(mine, `${kind.kind} ${name} after step ${step}`).toEqual(other);
      const change = foreign[step];
      if (!change || mine === 'refused') return;
      const [type, patch] = change;
      const contentType = kind.apiVersion.startsWith('apply.example.com') ? 'application/merge-patch+json' : type;
      for (const namespace of [ours, theirs])
        await admin.request('PATCH', pathOf(kind, namespace, name), patch, contentType);
    });
  }
  // All of it happened, or the test would tell nothing.
  for (const word of ['created', 'configured', 'unchanged', 'refused'])
    expect(words.get(word) ?? 0, word).toBeGreaterThan(0);
}, 240_000);

describe('refusals', () => {
  const job = (namespace: string, command: string): KubeObject => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'fixed', namespace },
    spec: {
      suspend: true,
      template: {
        spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox:1', command: [command] }] },
      },
    },
  });
  const configMap = (namespace: string, name: string, data: JsonObject): KubeObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace },
    data,
  });

  const same = async (make: (namespace: string) => KubeObject): Promise<string> => {
    const told = await kubectlApply([make(theirs)]);
    const { error = '' } = await apply(make(ours));
    expect(withoutGroup(error)).toBe(refusalOf(told.errors).replaceAll(theirs, ours));
    return error;
  };

  test('a field that cannot be changed', async () => {
    await kubectlApply([job(theirs, 'a')]);
    await apply(job(ours, 'a'));
    const plainDump = (text: string): string => text.replace(/Invalid value: .*: field is/s, 'field is');
    const told = await kubectlApply([job(theirs, 'b')]);
    const { error = '' } = await apply(job(ours, 'b'));
    expect(plainDump(withoutGroup(error))).toBe(plainDump(refusalOf(told.errors)));
    expect(error).toContain('field is immutable');
  });

  test('a manifest that its annotation cannot hold', async () => {
    const error = await same((namespace) => configMap(namespace, 'big', { a: 'x'.repeat(262_144) }));
    expect(error).toBe('ConfigMap "big" is invalid: metadata.annotations: Too long: may not be more than 262144 bytes');
  });

  test('a value of the wrong type', async () => {
    const error = await same((namespace) => configMap(namespace, 'typed', { a: 1 }));
    expect(error).toContain('cannot unmarshal number into Go struct field ConfigMap.data of type string');
  });

  test('two ports of one number that are no neighbors', async () => {
    const service = (namespace: string, targetPort: number): KubeObject => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'ports', namespace },
      spec: {
        ports: [
          { name: 'a', port: 443, targetPort },
          { name: 'b', port: 80, targetPort },
          { name: 'c', port: 443, protocol: 'UDP', targetPort },
        ],
      },
    });
    await kubectlApply([service(theirs, 1)]);
    await apply(service(ours, 1));
    expect(await same((namespace) => service(namespace, 2))).toBe(
      "The order in patch list:\n[\n doesn't match $setElementOrder list:\n[",
    );
  });

  test('an annotation that is no JSON', async () => {
    const broken = { 'kubectl.kubernetes.io/last-applied-configuration': '{' };
    for (const namespace of [ours, theirs]) {
      const object = configMap(namespace, 'broken', { a: '1' });
      await post(`/api/v1/namespaces/${namespace}/configmaps`, {
        ...object,
        metadata: { ...metadataOf(object), annotations: broken },
      });
    }
    expect(await same((namespace) => configMap(namespace, 'broken', { a: '2' }))).toBe('invalid JSON document');
  });
});

test('Force deletes and creates where the change is refused, as kubectl --force', async () => {
  const immutable = (namespace: string, value: string): KubeObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'immutable', namespace },
    immutable: true,
    data: { value },
  });
  await kubectlApply([immutable(theirs, '1')]);
  await apply(immutable(ours, '1'));
  const { out } = await kubectl(
    'apply',
    '--force',
    '--validate=ignore',
    `--field-manager=${MANAGER}`,
    '-f',
    fileOf([immutable(theirs, '2')]),
  );
  const { message, object } = await apply(immutable(ours, '2'), true);
  expect(message).toBe(out.trim());
  const other = await get(`/api/v1/namespaces/${theirs}/configmaps/immutable`);
  expect(plain(await get(`/api/v1/namespaces/${ours}/configmaps/immutable`), ours)).toEqual(plain(other, theirs));
  expect(object?.['data']).toEqual({ value: '2' });
});
