import type { ServerResponse } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { resourceVersionOf, type JsonObject, type KubeObject } from '#core/object';
import { ApiClient } from '../../../client/src/kube/request.ts';
import { Watches } from '../../../client/src/kube/watch.ts';
import type { WatchEvent } from '../../../client/src/sync/cluster.ts';
import { Stop } from '../../../client/src/sync/signal.ts';
import { answering, connectionTo, json, type Received } from './server.ts';

const MAPS = { group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true };
const EXPIRED = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' };

const map = (name: string, version: string): KubeObject => ({
  metadata: { name, namespace: 'shop', resourceVersion: version },
});
const list = (version: string, ...items: KubeObject[]): JsonObject => ({
  metadata: { resourceVersion: version },
  items,
});
type Line = readonly [type: string, object: JsonObject];
const line = ([type, object]: Line): string => `${JSON.stringify({ type, object })}\n`;

let end = (): void => undefined;
afterEach(() => end());

/** What a watch is answered: lines and then its end, lines and then nothing, or an error. */
type WatchAnswer =
  { readonly lines: readonly Line[]; readonly open?: boolean } | { readonly code: number; readonly body: JsonObject };

/** Watches at a server that answers lists and watches in turn; after the last watch nothing more is said. */
async function watched(
  lists: readonly JsonObject[],
  watches: readonly WatchAnswer[],
  limits: ConstructorParameters<typeof ApiClient>[1] = {},
) {
  const asked: string[] = [];
  const [restOfLists, restOfWatches] = [[...lists], [...watches]];
  const server = await answering((received, response) => {
    const version = watchedFrom(received);
    asked.push(version === undefined ? 'list' : `watch ${version}`);
    if (version === undefined) {
      const page = restOfLists.shift() ?? EXPIRED;
      return json(response, page === EXPIRED ? 410 : 200, page);
    }
    answerWatch(restOfWatches.shift() ?? { lines: [], open: true }, response);
  });
  const client = new ApiClient(connectionTo(`http://127.0.0.1:${server.port}`), limits);
  const stop = new Stop();
  const all = new Watches(client);
  end = () => {
    stop.stop();
    all.close();
    client.connection.close();
    server.stop();
  };
  const told: string[] = [];
  const tell = (event: WatchEvent): void =>
    void told.push(`${event.type} ${event.key.split('/').at(-1)} ${resourceVersionOf(event.object ?? {})}`);
  await all.add([MAPS], ['shop'], tell, stop);
  return { asked, told };
}

function watchedFrom({ path }: Received): string | undefined {
  const query = new URLSearchParams(path.slice(path.indexOf('?')));
  return query.get('watch') === null ? undefined : (query.get('resourceVersion') ?? '');
}

function answerWatch(answer: WatchAnswer, response: ServerResponse): void {
  if ('code' in answer) return json(response, answer.code, answer.body);
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  for (const one of answer.lines) response.write(line(one));
  if (answer.open !== true) response.end();
}

const until = async (holds: () => boolean): Promise<void> => {
  await expect.poll(holds, { timeout: 5000, interval: 10 }).toBe(true);
};

test.each<[string, WatchAnswer]>([
  ['an answer', { code: 410, body: EXPIRED }],
  ['an event of the watch', { lines: [['ERROR', EXPIRED]] }],
])('410 as %s: lists again, and tells only what differs', async (_, expired) => {
  const lists = [list('5', map('stays', '1'), map('goes', '2')), list('9', map('stays', '1'), map('comes', '8'))];
  const { asked, told } = await watched(lists, [expired, expired]);
  await until(() => asked.length >= 4);
  expect(asked.slice(0, 4)).toEqual(['list', 'watch 5', 'list', 'watch 9']);
  expect(told).toEqual(['changed stays 1', 'changed goes 2', 'changed comes 8', 'gone goes 2']);
});

test('a watch that ends goes on where the last bookmark or event was', async () => {
  const { asked, told } = await watched(
    [list('5')],
    [
      { lines: [['BOOKMARK', { metadata: { resourceVersion: '40' } }]] },
      {
        lines: [
          ['ADDED', map('new', '41')],
          ['BOOKMARK', { metadata: { resourceVersion: '50' } }],
          ['MODIFIED', map('new', '51')],
        ],
      },
    ],
  );
  await until(() => asked.length >= 4);
  expect(asked).toEqual(['list', 'watch 5', 'watch 40', 'watch 51']);
  expect(told).toEqual(['changed new 41', 'changed new 51']);
});

test('a watch whose connection carries nothing any more is given up, and goes on where it was', async () => {
  const { asked } = await watched(
    [list('5')],
    [{ lines: [['BOOKMARK', { metadata: { resourceVersion: '7' } }]], open: true }],
    { silenceMs: 100 },
  );
  await until(() => asked.length >= 3);
  expect(asked.slice(0, 3)).toEqual(['list', 'watch 5', 'watch 7']);
});

test('an error inside of the stream other than 410 keeps the place', async () => {
  const broken = { kind: 'Status', code: 500, message: 'etcd is away' };
  const { asked } = await watched([list('5')], [{ lines: [['ERROR', broken]] }]);
  await until(() => asked.length >= 3);
  expect(asked).toEqual(['list', 'watch 5', 'watch 5']);
});

test('pages of a list that expire in the middle: the list begins again', async () => {
  const first = (name: string): JsonObject => ({
    metadata: { resourceVersion: '5', continue: 'more' },
    items: [map(name, '1')],
  });
  const { asked, told } = await watched([first('old'), EXPIRED, first('new'), list('6', map('last', '2'))], []);
  expect(asked.slice(0, 4)).toEqual(['list', 'list', 'list', 'list']);
  expect(told).toEqual(['changed new 1', 'changed last 2']);
});
