import { objects } from '../client/simulated.ts';
import type { Story } from './both-worlds.ts';
import { config, deployment, step } from './story-parts.ts';

const ON_SERVER = { sync: { syncOptions: ['ServerSideApply=true'] } };
const FORCED = { sync: { syncOptions: ['ServerSideApply=true'], forceConflicts: true } };
const service = (ports: string, selector: string): string => `
---
apiVersion: v1
kind: Service
metadata: {name: s}
spec: {selector: ${selector}, ports: [${ports}]}
`;
/** Stories of server-side apply: who owns which fields then, and what others own. */
export const SERVER_SIDE: Readonly<Record<string, Omit<Story, 'namespace'>>> = {
  'server-side apply: an installation, an upgrade, and nothing new': {
    owners: true,
    steps: [
      step(
        config('c', "1', b: 'x', c: 'y") +
          service('{port: 80, name: http}, {port: 443, name: https}', '{a: b, c: d}') +
          deployment("[{name: main, image: 'nginx:1', env: [{name: A, value: '1'}, {name: B, value: '2'}]}]"),
        ON_SERVER,
      ),
      ...[1, 2].map(() =>
        step(
          config('c', "2', b: 'x") +
            service('{port: 80, name: web}', '{a: b}') +
            deployment("[{name: main, image: 'nginx:2', env: [{name: B, value: '3'}]}]"),
          ON_SERVER,
        ),
      ),
    ],
  },
  'server-side apply after a plain one, and a plain one after that': {
    owners: true,
    steps: [
      step(config('c', "1', b: 'x") + deployment("[{name: main, image: 'nginx:1', env: [{name: A, value: '1'}]}]")),
      step(config('c', "2', c: 'z") + deployment("[{name: main, image: 'nginx:2'}]"), ON_SERVER),
      step(config('c', "3', d: 'z") + deployment("[{name: main, image: 'nginx:3'}]", 'replicas: 2')),
    ],
  },
  'server-side apply of what somebody has applied with kubectl': {
    owners: true,
    steps: [
      {
        ...step(config('c', "2', c: 'z"), ON_SERVER),
        before: objects(config('c', "1', b: 'x")).map((object) => ({ manager: 'kubectl-client-side-apply', object })),
      },
    ],
  },
  'server-side apply of fields that others own': {
    owners: true,
    steps: [
      step(config('c', "1', b: 'x") + deployment("[{name: main, image: 'nginx:1'}]", 'replicas: 1'), ON_SERVER),
      {
        ...step(config('c', "2', b: 'y") + deployment("[{name: main, image: 'nginx:2'}]", 'replicas: 3'), ON_SERVER),
        before: objects(config('c', "5', z: 'x") + deployment("[{name: main, image: 'nginx:3'}]", 'replicas: 2')).map(
          (object) => ({ manager: 'alice', object }),
        ),
      },
    ],
  },
  'server-side apply that takes over what others own': {
    owners: true,
    steps: [
      step(config('c', "1', b: 'x") + deployment("[{name: main, image: 'nginx:1'}]", 'replicas: 1'), ON_SERVER),
      {
        ...step(config('c', "2', b: 'y") + deployment("[{name: main, image: 'nginx:2'}]", 'replicas: 3'), FORCED),
        before: objects(config('c', "5', z: 'x") + deployment("[{name: main, image: 'nginx:3'}]", 'replicas: 2')).map(
          (object) => ({ manager: 'alice', object }),
        ),
      },
    ],
  },
  'server-side apply of fields that others own just so': {
    owners: true,
    steps: [
      {
        ...step(config('c', "1', b: 'x"), ON_SERVER),
        before: objects(config('c', "1', d: 'x")).map((object) => ({ manager: 'alice', object, serverSide: true })),
      },
      step(config('c', "1', c: 'y").replace("a: '1', ", ''), ON_SERVER),
    ],
  },
};
