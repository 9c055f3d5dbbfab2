import { expect, test } from 'vitest';
import type { Server, ServerEvents } from '../../client/src/vscode/language-client.ts';
import { ServerLife } from '../../client/src/vscode/server-life.ts';

/** One start of a server, of which the test says what comes of it. */
interface Start {
  readonly events: ServerEvents;
  readonly answer: () => void;
  readonly refuse: (why: string) => void;
}

class Host {
  readonly starts: Start[] = [];
  /** What was told, one after the other. */
  readonly told: string[] = [];
  time = 0;
  readonly life = new ServerLife({
    launch: () => (events) => {
      const number = this.starts.length + 1;
      return new Promise<Server>((resolve, reject) => {
        this.starts.push({
          events,
          answer: () => resolve(this.#server(number)),
          refuse: (why) => reject(new Error(why)),
        });
      });
    },
    planChanged: ({ applications }) => this.told.push(`plan of ${applications.map(({ name }) => name).join()}`),
    connected: (server) => this.told.push(server ? `connected to ${server.info}` : 'connected to none'),
    failed: () => this.told.push('failed'),
    warn: (message) => this.told.push(message),
    now: () => this.time,
  });

  #server(number: number): Server {
    const stop = (): Promise<void> => {
      this.told.push(`stopped ${number}`);
      return Promise.resolve();
    };
    return { info: `${number}`, stop } as unknown as Server;
  }

  /** The newest start. */
  get last(): Start {
    const last = this.starts.at(-1);
    if (!last) throw new Error('Nothing was started.');
    return last;
  }

  /** Starts the first one, and lets it answer. */
  async begin(): Promise<void> {
    const started = this.life.start();
    this.last.answer();
    await started;
  }

  /** What was told since the last look. */
  async news(): Promise<string[]> {
    await new Promise((resolve) => setImmediate(resolve));
    return this.told.splice(0);
  }
}

test('a server that answers is connected, and what it says is passed on', async () => {
  const host = new Host();
  await host.begin();
  host.last.events.planChanged({ applications: [{ folder: 'file:///a', path: '.', name: 'shop' }] });
  expect(await host.news()).toEqual(['connected to 1', 'plan of shop']);
});

test('another one is started when it ends by itself', async () => {
  const host = new Host();
  await host.begin();
  await host.news();
  host.last.events.stopped();
  expect(await host.news()).toEqual([
    'stopped 1',
    'The language server ended. It is started again.',
    'connected to none',
  ]);
  host.last.answer();
  expect(await host.news()).toEqual(['connected to 2']);
});

test('one that ends while it starts is followed by another one, too', async () => {
  const host = new Host();
  await host.begin();
  host.last.events.stopped();
  await host.news();
  host.last.refuse('the connection got disposed');
  expect(await host.news()).toEqual([
    'The language server did not start: the connection got disposed. It is started again.',
    'connected to none',
  ]);
  host.last.answer();
  expect(await host.news()).toEqual(['connected to 3']);
});

test('what ends again and again is left alone, until somebody asks', async () => {
  const host = new Host();
  void host.life.start();
  for (let i = 0; i < 4; i++) {
    host.last.refuse('no memory');
    expect(await host.news()).toContain('connected to none');
  }
  host.last.refuse('no memory');
  expect(await host.news()).toEqual([
    'The language server did not start: no memory. It is not started again.',
    'failed',
  ]);
  expect(host.starts).toHaveLength(5);
  await host.begin();
  expect(await host.news()).toEqual(['connected to 6']);
});

test('ends that lie far apart are no trouble', async () => {
  const host = new Host();
  await host.begin();
  for (let i = 0; i < 10; i++) {
    host.time += 60_000;
    host.last.events.stopped();
    await host.news();
    host.last.answer();
    expect(await host.news()).toEqual([`connected to ${i + 2}`]);
  }
});

test('a restart overtakes a start: what that comes to is ended', async () => {
  const host = new Host();
  const slow = host.life.start();
  const first = host.last;
  await host.begin();
  expect(await host.news()).toEqual(['connected to 2']);
  first.answer();
  await slow;
  first.events.stopped();
  first.events.planChanged({ applications: [{ folder: 'file:///a', path: '.', name: 'shop' }] });
  expect(await host.news()).toEqual(['stopped 1']);
});

test('nothing is started after the end', async () => {
  const host = new Host();
  await host.begin();
  await host.life.end();
  host.last.events.stopped();
  expect(await host.news()).toEqual(['connected to 1', 'stopped 1']);
  expect(host.starts).toHaveLength(1);
});
