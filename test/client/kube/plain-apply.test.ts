import { afterEach, describe, expect, test } from 'vitest';
import { withLastApplied } from '#core/apply/last-applied';
import type { JsonObject, KubeObject } from '#core/object';
import type { Response } from '#core/sync/model';
import { ApiError } from '../../../client/src/sync/api-error.ts';
import { Apply } from '../../../client/src/kube/apply.ts';
import { Discovery } from '../../../client/src/kube/discovery.ts';
import { MergeSchemas } from '../../../client/src/kube/openapi.ts';
import { ApiClient } from '../../../client/src/kube/request.ts';
import type { ApplyHow } from '../../../client/src/sync/kubectl/plain-apply.ts';
import { Writes } from '../../../client/src/kube/writes.ts';
import { Stop } from '../../../client/src/sync/signal.ts';
import { answersOpenApi, DEPLOYMENTS } from './openapi.ts';
import { answering, connectionTo, json } from './server.ts';

const manifest = (labels: JsonObject): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop', labels },
});
const live = (labels: JsonObject, metadata: JsonObject = {}): KubeObject => {
  const object = withLastApplied(manifest(labels));
  return {
    ...object,
    metadata: { ...(object['metadata'] as JsonObject), uid: 'u1', resourceVersion: '1', ...metadata },
  };
};
const status = (code: number, reason: string, message: string): JsonObject => ({
  kind: 'Status',
  code,
  reason,
  message,
});
const CONFLICT = status(409, 'Conflict', 'the object has been modified');
const INVALID = status(422, 'Invalid', 'Deployment.apps "web" is invalid: it is immutable');

let close = (): void => undefined;
afterEach(() => close());

/** Applies at a server that answers each request but those for OpenAPI in turn: a code, and what is said with it. */
async function applyAt(
  answers: readonly (readonly [number, JsonObject])[],
  {
    labels = {},
    force = false,
    mode = 'write',
    known,
    serverSide = false,
  }: {
    labels?: JsonObject;
    force?: boolean;
    mode?: ApplyHow['mode'];
    known?: ApplyHow['known'];
    serverSide?: boolean;
  } = {},
): Promise<{ response: Response | string; asked: string[]; sent: JsonObject[] }> {
  const rest = [...answers];
  const server = await answering(({ path }, response) => {
    if (answersOpenApi(path, response)) return;
    const [code, body] = rest.shift() ?? [500, status(500, 'InternalError', 'nothing is left to say')];
    json(response, code, body);
  });
  const client = new ApiClient(connectionTo(`http://127.0.0.1:${server.port}`));
  close = () => {
    client.connection.close();
    server.stop();
  };
  const writes = new Writes(client, new Discovery(client));
  const object = manifest(labels);
  const action = { verb: 'apply', key: '', object, force, serverSide } as const;
  const response = await new Apply(writes, new MergeSchemas(client))
    .run(action, DEPLOYMENTS, { mode, known, signal: new Stop() })
    .catch((error: unknown) => (error instanceof ApiError ? error.message : String(error)));
  const asked = server.asked.filter(({ path }) => !path.startsWith('/openapi'));
  return {
    response,
    asked: asked.map(({ method }) => method),
    sent: asked.filter(({ body }) => body !== '').map(({ body }) => JSON.parse(body) as JsonObject),
  };
}

describe('a plain apply', () => {
  test('writes nothing where the live object says it all', async () => {
    const { response, asked } = await applyAt([[200, live({ a: '1' })]], { labels: { a: '1' } });
    expect([response, asked]).toMatchObject([{ message: 'deployment.apps/web unchanged' }, ['GET']]);
  });

  test('reads again after a conflict, and makes its patch of what it reads then', async () => {
    const { response, asked, sent } = await applyAt(
      [
        [200, live({ a: '1' })],
        [409, CONFLICT],
        [200, live({ a: '1', b: '1' })],
        [200, live({ a: '2' })],
      ],
      { labels: { a: '2' } },
    );
    expect(response).toMatchObject({ message: 'deployment.apps/web configured' });
    expect(asked).toEqual(['GET', 'PATCH', 'GET', 'PATCH']);
    expect(sent.map((patch) => (patch['metadata'] as JsonObject)['labels'])).toEqual([{ a: '2' }, { a: '2', b: null }]);
  });

  test('where the object has gone meanwhile says so', async () => {
    const gone = status(404, 'NotFound', 'deployments.apps "web" not found');
    const { response } = await applyAt(
      [
        [200, live({})],
        [409, CONFLICT],
        [404, gone],
      ],
      { labels: { a: '2' } },
    );
    expect(response).toBe('deployments.apps "web" not found');
  });

  test('with Force puts the old object back where the new one is refused, and says why', async () => {
    const { response, asked, sent } = await applyAt(
      [
        [200, live({}, { labels: { theirs: 'x' } })],
        [422, INVALID],
        [200, { kind: 'Status', status: 'Success' }],
        [422, INVALID],
        [201, live({})],
      ],
      { labels: { a: '2' }, force: true },
    );
    expect(response).toBe(INVALID['message']);
    expect(asked).toEqual(['GET', 'PATCH', 'DELETE', 'POST', 'POST']);
    expect(sent[1]).toMatchObject({ propagationPolicy: 'Background', preconditions: { uid: 'u1' } });
    const restored = sent[3]?.['metadata'] as JsonObject;
    expect([restored['labels'], restored['uid'], restored['resourceVersion']]).toEqual([
      { theirs: 'x' },
      undefined,
      undefined,
    ]);
  });

  test('warns of an object that goes, in kubectl’s words', async () => {
    const { response } = await applyAt([[200, live({}, { deletionTimestamp: '2026-01-01T00:00:00Z' })]]);
    expect(response).toMatchObject({
      message:
        'deployment.apps/web unchanged. Warning: Detected changes to resource web which is currently being deleted.',
    });
  });

  test('as a dry run on the client tells what it would do and writes nothing', async () => {
    const { response, asked } = await applyAt([[200, live({})]], { labels: { a: '1' }, mode: 'client' });
    expect([response, asked]).toEqual([{ message: 'deployment.apps/web configured (dry run)' }, ['GET']]);
  });
});

describe('with what a watch has of the object, a plain apply', () => {
  const nothing = { live: undefined };
  const exists = status(409, 'AlreadyExists', 'deployments.apps "web" already exists');

  test('creates without reading first what is not there', async () => {
    const { response, asked } = await applyAt([[201, live({})]], { known: nothing });
    expect([response, asked]).toMatchObject([{ message: 'deployment.apps/web created' }, ['POST']]);
  });

  test('reads and changes what has come since', async () => {
    const { response, asked } = await applyAt(
      [
        [409, exists],
        [200, live({ a: '1' })],
        [200, live({ a: '2' })],
      ],
      { labels: { a: '2' }, known: nothing },
    );
    expect([response, asked]).toMatchObject([{ message: 'deployment.apps/web configured' }, ['POST', 'GET', 'PATCH']]);
  });

  test('leaves a refusal as it is', async () => {
    const { response, asked } = await applyAt([[422, INVALID]], { known: nothing });
    expect([response, asked]).toEqual([INVALID['message'], ['POST']]);
  });

  test('reads what is there before it changes it: the watch may be behind', async () => {
    const { response, asked } = await applyAt([[200, live({ a: '2' })]], {
      labels: { a: '2' },
      known: { live: live({ a: '1' }) },
    });
    expect([response, asked]).toMatchObject([{ message: 'deployment.apps/web unchanged' }, ['GET']]);
  });

  test('as a dry run on the server goes by it', async () => {
    const { response, asked } = await applyAt([[200, live({ a: '2' })]], {
      labels: { a: '2' },
      mode: 'preview',
      known: { live: live({ a: '1' }) },
    });
    expect([response, asked]).toMatchObject([
      { message: 'deployment.apps/web configured (server dry run)' },
      ['PATCH'],
    ]);
  });
});

describe('with what a watch has of the object, an apply on the server', () => {
  const managed = (operation: string): JsonObject => ({
    managedFields: [{ manager: 'argocd-controller', operation, fieldsType: 'FieldsV1', fieldsV1: { 'f:spec': {} } }],
  });
  const applied = live({}, managed('Apply'));
  const plain = live({}, managed('Update'));

  test.each([
    ['is not there', undefined],
    ['has nothing of ours set by plain writes', applied],
  ])('is one request where it %s', async (_, known) => {
    const { response, asked } = await applyAt([[200, applied]], { serverSide: true, known: { live: known } });
    expect([response, asked]).toMatchObject([{ message: 'deployment.apps/web serverside-applied' }, ['PATCH']]);
  });

  test('reads what we have written plainly, and hands it over first', async () => {
    const { asked, sent } = await applyAt(
      [
        [200, plain],
        [200, applied],
        [200, applied],
      ],
      { serverSide: true, known: { live: plain } },
    );
    expect(asked).toEqual(['GET', 'PATCH', 'PATCH']);
    expect(sent[0]).toMatchObject([{ path: '/metadata/managedFields' }, { path: '/metadata/resourceVersion' }]);
  });

  const withOurselves: JsonObject = {
    ...CONFLICT,
    details: {
      causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "argocd-controller"', field: '.spec' }],
    },
  };

  test.each<[string, readonly [number, JsonObject]]>([
    ['the answer shows it', [200, plain]],
    ['we meet ourselves as a conflict', [409, withOurselves]],
  ])('does so too where the watch was behind and %s', async (_, first) => {
    const { response, asked } = await applyAt([first, [200, plain], [200, applied], [200, applied]], {
      serverSide: true,
      known: { live: undefined },
    });
    expect([response, asked]).toMatchObject([
      { message: 'deployment.apps/web serverside-applied' },
      ['PATCH', 'GET', 'PATCH', 'PATCH'],
    ]);
  });
});
