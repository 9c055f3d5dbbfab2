import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '#core/object';
import type { Discovered } from '#core/sync/model';
import { Simulation } from '../../../client/src/simulation/simulation.ts';
import type { ClusterIdentity } from '../../../client/src/sync/cluster.ts';
import { objects, sync, world, type World } from '../simulated.ts';

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n';
const READER = `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: reader}
rules: []
`;

const PLURALS: Readonly<Record<string, string>> = { Application: 'applications', AppProject: 'appprojects' };

/** A cluster in which Argo CD has the application, and its project. */
class WithProject extends Simulation {
  readonly #project: KubeObject | Error;

  constructor({ clock, scenario }: World, project: KubeObject | Error) {
    super({ clock, scenario, namespaces: ['shop', 'argocd'] });
    this.#project = project;
  }

  override async connect(): Promise<ClusterIdentity> {
    return { ...(await super.connect()), kind: 'kubernetes', context: 'kind-dev' };
  }

  override discovered(group: string, version: string, kind: string): Discovered {
    const plural = group === 'argoproj.io' ? PLURALS[kind] : undefined;
    return plural === undefined ? super.discovered(group, version, kind) : { plural, namespaced: true };
  }

  override async read(...args: Parameters<Simulation['read']>): Promise<KubeObject | undefined> {
    const [{ kind }, namespace, name] = args;
    if (PLURALS[kind] === undefined) return super.read(...args);
    if (kind === 'Application') return namespace === 'argocd' && name === 'shop' ? application() : undefined;
    if (this.#project instanceof Error) throw this.#project;
    return namespace === 'argocd' && name === 'web' ? this.#project : undefined;
  }
}

const application = (): KubeObject =>
  load(`
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop, namespace: argocd}
spec: {project: web, destination: {server: https://kubernetes.default.svc, namespace: shop}}
`) as KubeObject;

/** The simulated clock begins on a Thursday at 03:00 UTC. */
async function warnings(project: string | Error, ...manifests: readonly string[]): Promise<readonly string[]> {
  const place = world();
  const spec = project instanceof Error ? project : (load(`{metadata: {name: web}, spec: {${project}}}`) as KubeObject);
  const cluster = new WithProject(place, spec);
  return (await sync({ ...place, cluster }, objects(manifests.join('---')))).preflight.warnings;
}

const EVERYWHERE = 'destinations: [{server: "*", namespace: "*"}]';
const NIGHT = 'schedule: "0 22 * * *", duration: 8h, applications: ["*"]';

describe('before a sync it is told what Argo CD would refuse because of its project', () => {
  test('in a window that denies', async () => {
    const window = `{kind: deny, ${NIGHT}, description: nightly batch}`;
    expect(await warnings(`${EVERYWHERE}, syncWindows: [${window}]`, CONFIG_MAP)).toEqual([
      "A sync window of Argo CD's project web is open until 2026-11-26 06:00 UTC, in which Argo CD would refuse this sync: 0 22 * * * for 8h (nightly batch).",
    ]);
  });

  test('outside of the windows that allow', async () => {
    const window = '{kind: allow, schedule: "0 9 * * *", duration: 8h, timeZone: Europe/Berlin, namespaces: [shop]}';
    expect(await warnings(`${EVERYWHERE}, syncWindows: [${window}]`, CONFIG_MAP)).toEqual([
      "No sync window of Argo CD's project web is open, and Argo CD would refuse this sync. The next one opens at 2026-11-26 08:00 UTC: 0 9 * * * for 8h, Europe/Berlin.",
    ]);
  });

  test('for objects that it does not permit', async () => {
    const elsewhere = 'destinations: [{server: "*", namespace: api}]';
    expect(await warnings(elsewhere, CONFIG_MAP, READER)).toEqual([
      "Argo CD would refuse 2 objects of this application: namespace shop is not permitted in project 'web'; resource rbac.authorization.k8s.io:ClusterRole is not permitted in project web.",
    ]);
  });

  test('and nothing where it would refuse nothing, or where the project may not be read', async () => {
    expect(await warnings(EVERYWHERE, CONFIG_MAP)).toEqual([]);
    expect(await warnings(new Error('forbidden'), CONFIG_MAP)).toEqual([]);
  });
});
