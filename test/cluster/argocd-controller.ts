// Argo CD's application controller as far as operations go, for Applications of one namespace: it begins them, reports
// the states of a script, and ends them.
import { isObject, type KubeObject } from '#core/object';
import { APPLICATION_DEFINITION, reconciled, type Reported } from '../client/argocd.ts';
import { admin, get, pause, post, until } from './plane.ts';

const APPLICATIONS = '/apis/argoproj.io/v1alpha1/namespaces';

export const applicationPath = (namespace: string, name = ''): string =>
  `${APPLICATIONS}/${namespace}/applications${name === '' ? '' : `/${name}`}`;

export const applicationOf = (namespace: string, name: string): Promise<KubeObject> =>
  get(applicationPath(namespace, name));

/** Installs the definition of Application where it is not there, and waits until it is served. */
export async function installApplications(namespace: string): Promise<void> {
  await post('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', APPLICATION_DEFINITION).catch(() => undefined);
  await until('Applications are served', () => get(applicationPath(namespace)));
}

export interface Controller {
  /** What it reports, a state each time that it looks. */
  script: readonly Reported[];
  /** It looks at nothing. */
  asleep: boolean;
  stop(): Promise<void>;
}

/** Starts the controller. It looks ten times a second, and writes on the version that it has seen. */
export function startController(namespace: string): Controller {
  const controller = { script: [] as readonly Reported[], asleep: false, stop };
  let isOver = false;
  const look = async (): Promise<void> => {
    const found = (await get(applicationPath(namespace)))['items'];
    for (const object of Array.isArray(found) ? found : []) {
      if (!isObject(object)) continue;
      const next = reconciled(object, controller.script, `${new Date().toISOString().slice(0, 19)}Z`);
      const { name } = object['metadata'] as { name: string };
      // Somebody has changed it meanwhile: it is looked at again.
      if (next) await admin.request('PUT', applicationPath(namespace, name), next).catch(() => undefined);
    }
  };
  const loop = (async () => {
    while (!isOver) {
      if (!controller.asleep) await look();
      await pause(100);
    }
  })();
  async function stop(): Promise<void> {
    isOver = true;
    await loop;
  }
  return controller;
}
