import { describe, expect, test } from 'vitest';
import { MergeSchemas, schemasIn } from '../../../client/src/kube/openapi.ts';
import { ApiClient } from '../../../client/src/kube/request.ts';
import { Stop } from '../../../client/src/sync/signal.ts';
import { answersOpenApi, APPS, DEPLOYMENTS } from './openapi.ts';
import { answering, connectionTo, json, type Answer } from './server.ts';

describe('how a kind is merged', () => {
  const schemas = schemasIn(APPS, { group: 'apps', version: 'v1' });

  test('is known of kinds that take strategic merge patches, of this group and version', () => {
    expect([...schemas.keys()]).toEqual(['Deployment']);
    expect([...schemasIn(APPS, { group: 'apps', version: 'v2' }).keys()]).toEqual([]);
    expect([...schemasIn({}, { group: 'apps', version: 'v1' }).keys()]).toEqual([]);
  });

  test('is told by each field: its key, its strategies, and the type below, of items too', () => {
    const spec = schemas.get('Deployment')?.field('spec')?.schema;
    expect(spec?.name).toBe('DeploymentSpec');
    const containers = spec?.field('containers');
    expect([containers?.mergeKey, containers?.strategies]).toEqual(['name', ['merge', 'retainKeys']]);
    expect(containers?.schema.field('image')).toMatchObject({ mergeKey: '', strategies: [] });
    expect(spec?.field('strategy')?.schema.field('type')).toBeDefined();
  });

  test('is nothing below values without a type, and of fields that are not there', () => {
    const spec = schemas.get('Deployment')?.field('spec')?.schema;
    expect(spec?.field('paths')?.schema.field('x')).toBeUndefined();
    expect(spec?.field('nowhere')).toBeUndefined();
    expect(spec?.field('constructor')).toBeUndefined();
  });
});

describe('the documents of a server', () => {
  async function asking(answer: Answer): Promise<{ schemas: MergeSchemas; asked: () => string[]; close: () => void }> {
    const server = await answering(answer);
    const client = new ApiClient(connectionTo(`http://127.0.0.1:${server.port}`));
    const close = (): void => {
      client.connection.close();
      server.stop();
    };
    return { schemas: new MergeSchemas(client), asked: () => server.asked.map(({ path }) => path), close };
  }
  const widgets = { ...DEPLOYMENTS, group: 'x.example.com', kind: 'Widget', plural: 'widgets' };

  test('are fetched when they are needed, and once', async () => {
    const { schemas, asked, close } = await asking(
      ({ path }, response) => answersOpenApi(path, response) || json(response, 404, {}),
    );
    const two = await Promise.all([schemas.of(DEPLOYMENTS, new Stop()), schemas.of(DEPLOYMENTS, new Stop())]);
    expect(two.map((schema) => schema?.name)).toEqual(['Deployment', 'Deployment']);
    expect(await schemas.of(widgets, new Stop())).toBeUndefined();
    expect(asked()).toEqual(['/openapi/v3', '/openapi/v3/apis/apps/v1?hash=A1']);
    close();
  });

  test('that cannot be read are no matter for custom resources; for kinds of the server they are, and the next try asks again', async () => {
    let broken = true;
    const { schemas, close } = await asking(({ path }, response) => {
      if (broken || !answersOpenApi(path, response)) json(response, 403, { message: 'no' });
    });
    expect(await schemas.of(widgets, new Stop())).toBeUndefined();
    await expect(schemas.of(DEPLOYMENTS, new Stop())).rejects.toThrow(
      'the API server does not tell how changes of Deployment are merged (OpenAPI of apis/apps/v1: no)',
    );
    broken = false;
    expect((await schemas.of(DEPLOYMENTS, new Stop()))?.name).toBe('Deployment');
    close();
  });
});
