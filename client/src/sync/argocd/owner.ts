import { textAt } from '#core/fields';
import { ignoreRulesOf, type IgnoreRule } from '#core/ignore/rules';
import type { KubeObject } from '#core/object';
import type { ProjectSubject } from '#core/project/permissions';
import { counted } from '#core/plan/words';
import type { AccessRequest, Cluster, ClusterIdentity } from '../cluster.ts';
import type { OwningApplication } from '../events.ts';
import type { ArgoRequest, SyncRequest } from '../request.ts';
import type { Signal } from '../signal.ts';
import type { ArgoStatus } from '../status-model.ts';
import { trackingOf } from '../tracking.ts';
import { projectWarnings } from './project.ts';
import {
  APPLICATION,
  ARGOCD_NAMESPACE,
  isCluster,
  liveApplication,
  type ApplicationPlace,
  type LiveApplication,
  type UnendedOperation,
} from './live-application.ts';

/** What a preflight tells of Argo CD's own applications. */
export interface Ownership {
  readonly owner?: OwningApplication;
  readonly warnings: readonly string[];
  readonly blockers: readonly string[];
}

interface Around {
  readonly cluster: Cluster;
  readonly identity: ClusterIdentity;
  readonly request: Pick<SyncRequest, 'application' | 'namespace' | 'revision' | 'argocd' | 'operation'>;
  readonly signal: Signal;
  /** What is synced, and when (milliseconds since 1970): for what Argo CD's project says of it. Absent: nothing is. */
  readonly synced?: { readonly objects: readonly ProjectSubject[]; readonly now: number };
}

/** What is known of an Argo CD application: how it is; that it is not there; or why nobody knows. */
type Found = LiveApplication | 'absent' | { readonly unknown: string };

const DEFAULTS: ArgoRequest = { namespaces: [], by: 'here', terminates: false };

/**
 * What a person must know of Argo CD's own applications: who owns the live objects by their tracking annotation, who
 * would take this sync back, what Argo CD is doing right now; and whether the sync can be left to Argo CD.
 */
export async function ownership(around: Around, live: Iterable<KubeObject>): Promise<Ownership> {
  const { application, argocd = DEFAULTS } = around.request;
  const owned = new Map<string, number>([[application, 0]]);
  for (const object of live) {
    const owner = trackingOf(object)?.application;
    if (owner !== undefined) owned.set(owner, (owned.get(owner) ?? 0) + 1);
  }
  const warnings: string[] = [];
  const blockers: string[] = [];
  let owner: OwningApplication | undefined;
  for (const [name, count] of owned) {
    const found = await look(around, placesOf(name, argocd.namespaces));
    warnings.push(...warningsOf(name, count, found, application));
    if (name !== application || typeof found === 'string' || 'unknown' in found) continue;
    owner = await owningApplication(around, found);
    if (around.synced) warnings.push(...(await projectWarnings(around, found, around.synced)));
    if (owner.running !== undefined) {
      const isHarmless = around.request.operation.dryRun === true;
      if (isHarmless) warnings.push(`Argo CD is syncing it right now: ${owner.running}.`);
      else if (argocd.terminates)
        warnings.push(`Argo CD is syncing it right now: ${owner.running}. This is terminated first.`);
      else blockers.push(runningText(owner));
    }
  }
  if (argocd.by === 'argocd')
    blockers.push(...(owner ? owner.obstacles : [notThere(application, argocd, around.identity)]));
  return { ...(owner ? { owner } : {}), warnings, blockers };
}

const runningText = ({ namespace, name, running = '' }: OwningApplication): string =>
  `Argo CD is syncing ${namespace}/${name} right now: ${running}. Two syncs at once delete each other's hooks: wait for its end, or terminate it first (--terminate-running).`;

const notThere = (application: string, { namespaces }: ArgoRequest, { context }: ClusterIdentity): string =>
  `There is no Argo CD Application ${application} in ${context} (namespace ${placesOf(application, namespaces)
    .map(({ namespace }) => namespace)
    .join(
      ', ',
    )}), so Argo CD cannot run this sync. Create it (argocd-hooks application --apply), or name its namespace (--argocd-namespace).`;

/**
 * Where an application may stand. Outside of Argo CD's own namespace its name in a tracking annotation is
 * `namespace_name`. Source: util/argo/argo.go `AppInstanceName`.
 */
function placesOf(instance: string, namespaces: readonly string[]): ApplicationPlace[] {
  const [, namespace, name] = /^([^_]+)_(.+)$/.exec(instance) ?? [];
  if (namespace !== undefined && name !== undefined) return [{ namespace, name }];
  const all = namespaces.length > 0 ? namespaces : [ARGOCD_NAMESPACE];
  return [...new Set(all)].map((place) => ({ namespace: place, name: instance }));
}

async function look({ cluster, signal }: Around, places: readonly ApplicationPlace[]): Promise<Found> {
  try {
    const object = await read(cluster, places, signal);
    return object ? liveApplication(object) : 'absent';
  } catch (error) {
    return { unknown: error instanceof Error ? error.message : 'it could not be read' };
  }
}

async function read(
  cluster: Cluster,
  places: readonly ApplicationPlace[],
  signal: Signal,
): Promise<KubeObject | undefined> {
  await cluster.discover([APPLICATION], { refresh: false }, signal);
  if ('error' in cluster.discovered(APPLICATION.group, APPLICATION.version, APPLICATION.kind)) return undefined;
  for (const { namespace, name } of places) {
    const object = await cluster.read(APPLICATION, namespace, name, signal);
    if (object) return object;
  }
  return undefined;
}

/** The `ignoreDifferences` of the Application in the cluster; none where it is not there, or may not be read. */
export async function liveIgnoreRules(
  cluster: Cluster,
  { application, argocd = DEFAULTS }: Pick<SyncRequest, 'application' | 'argocd'>,
  signal: Signal,
): Promise<readonly IgnoreRule[]> {
  try {
    return ignoreRulesOf((await findApplication(cluster, { application, argocd }, signal))?.['spec']);
  } catch {
    return [];
  }
}

/** The Argo CD Application that a request is about; undefined where there is none. Rejects where it may not be read. */
export const findApplication = (
  cluster: Cluster,
  { application, argocd = DEFAULTS }: Pick<SyncRequest, 'application' | 'argocd'>,
  signal: Signal,
): Promise<KubeObject | undefined> => read(cluster, placesOf(application, argocd.namespaces), signal);

/** What Argo CD itself says of an application; undefined where it does not know it, or it may not be read. */
export async function argoStatus(
  cluster: Cluster,
  { application, argocd = DEFAULTS }: Pick<SyncRequest, 'application' | 'argocd'>,
  signal: Signal,
): Promise<ArgoStatus | undefined> {
  try {
    const object = await findApplication(cluster, { application, argocd }, signal);
    if (!object) return undefined;
    return {
      sync: textAt(object, 'status', 'sync', 'status'),
      health: textAt(object, 'status', 'health', 'status'),
      operation: textAt(object, 'status', 'operationState', 'phase'),
      selfHeal: liveApplication(object).selfHeal,
    };
  } catch {
    return undefined;
  }
}

function warningsOf(name: string, count: number, found: Found, application: string): string[] {
  const isKnown = typeof found !== 'string' && !('unknown' in found);
  if (count === 0) {
    if (!isKnown || !found.automated) return [];
    const does = found.selfHeal ? 'has selfHeal: it takes back what this sync changes' : 'syncs by itself';
    return [`The Argo CD application ${name} ${does}. ${whatIsInGit(found)}`];
  }
  const objects = `${counted(count, 'object')} in the cluster ${count === 1 ? 'belongs' : 'belong'}`;
  if (isKnown && found.selfHeal)
    return [`${objects} to the Argo CD application ${name}, which has selfHeal: it takes back what this sync changes.`];
  if (isKnown && name === application)
    return [`${objects} to the Argo CD application ${name}: it does not know of this sync, and may undo it.`];
  if (typeof found !== 'string' && 'unknown' in found && name === application)
    return [
      `${objects} to the application ${name}. Whether Argo CD would undo this sync is not known: ${found.unknown}`,
    ];
  return name === application
    ? []
    : [`${objects} to another application, ${name}: this sync takes ${count === 1 ? 'it' : 'them'} over.`];
}

const whatIsInGit = ({ sources }: LiveApplication): string =>
  `It syncs ${sources.join(', ') || 'no source that is known'}.`;

async function owningApplication(around: Around, live: LiveApplication): Promise<OwningApplication> {
  const { namespace, name, operation } = live;
  return {
    namespace,
    name,
    ...(operation ? { running: operationText(operation) } : {}),
    isChosen: around.request.argocd?.by === 'argocd',
    obstacles: await obstaclesOf(around, live),
    notes: notesOf(around, live),
  };
}

/** `Running since 03:00:12 UTC, asked for by alice: waiting for completion of hook batch/Job/migrate`. */
function operationText({ phase, message, startedAt, by }: UnendedOperation): string {
  const since = /T(\d\d:\d\d:\d\d)/.exec(startedAt)?.[1];
  const began =
    phase === 'Requested' ? 'requested, not begun yet' : `${phase}${since === undefined ? '' : ` since ${since} UTC`}`;
  return `${began}${by === '' ? '' : `, asked for by ${by}`}${message === '' ? '' : `: ${message}`}`;
}

const VERBS: readonly AccessRequest['verb'][] = ['get', 'list', 'watch', 'update'];

async function obstaclesOf({ cluster, identity, signal }: Around, live: LiveApplication): Promise<string[]> {
  const { namespace, name, isDeleted, cluster: elsewhere } = live;
  if (isDeleted) return [`The Application ${namespace}/${name} is being deleted.`];
  if (!isCluster(live, identity))
    return [`The Application ${namespace}/${name} deploys to ${elsewhere}, not to the cluster that it stands in.`];
  const requests = VERBS.map((verb) => ({ verb, group: APPLICATION.group, resource: 'applications', namespace }));
  try {
    const denied = await cluster.denied(requests, signal);
    const verbs = denied.map(({ verb }) => verb).join(', ');
    return verbs === ''
      ? []
      : [`${identity.user || 'You'} may not ${verbs} applications.argoproj.io in namespace ${namespace}.`];
  } catch (error) {
    return [error instanceof Error ? error.message : 'Your permissions could not be asked for.'];
  }
}

function notesOf({ request }: Around, live: LiveApplication): string[] {
  const { destination } = live;
  const notes = [
    `Argo CD would sync ${live.sources.join(', ') || 'no source that is known'}: the target revision of its Application, as it stands in the repository then. The saved files (${request.revision.text}) are not sent: what is not committed and pushed there is not in it.`,
    'Its controller does the work, with its own permissions; no Lease is taken. How it ended is kept in the history, but where this process is cut off Argo CD goes on alone.',
  ];
  if (destination !== '' && destination !== request.namespace)
    notes.push(`It deploys to namespace ${destination}, this sync to ${request.namespace}.`);
  return notes;
}
