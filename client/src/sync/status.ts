import { isHook } from '#core/annotations/classify';
import type { HealthStatus } from '#core/health/model';
import { annotationOf, groupOf, gvkOf, kindOf, nameOf, namespaceOf, type KubeObject } from '#core/object';
import type { TaskView } from '#core/sync/model';
import { syncOptions } from '#core/sync/options';
import { deniedTexts, looksNeeded } from './access.ts';
import type { AccessRequest, Clock, Cluster, ClusterIdentity, Kind } from './cluster.ts';
import { applicationHealth, isWithoutCheck } from './application-health.ts';
import { argoStatus } from './argocd/owner.ts';
import type { Ignoring } from './ignoring.ts';
import { previewsOf, shownKey, type Preview } from './preflight.ts';
import { Redactor } from './redact.ts';
import { dryRun } from './rehearse.ts';
import type { SyncRequest } from './request.ts';
import { Session } from './session.ts';
import { Stop, type Signal } from './signal.ts';
import type { ApplicationStatus, ResourceStatus, ResourceSync } from './status-model.ts';
import { unseenTexts } from './unseen.ts';

export interface StatusPorts {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly signal: Signal;
}

/**
 * How the live objects of an application stand to its manifests, and how healthy they are. Nothing is written: the
 * cluster is read, and asked with dry runs what a sync would change.
 * Source of the words: controller/state.go `CompareAppState`; controller/health.go `setApplicationHealth`.
 */
export async function statusOf(request: SyncRequest, ports: StatusPorts): Promise<ApplicationStatus> {
  const stop = new Stop(ports.signal);
  try {
    const identity = await ports.cluster.connect(stop);
    const asked = { ...request, namespace: request.namespace || identity.namespace || 'default' };
    return await look(asked, identity, ports, stop);
  } finally {
    stop.stop();
    ports.cluster.close();
  }
}

async function look(
  request: SyncRequest,
  identity: ClusterIdentity,
  { cluster, clock }: StatusPorts,
  signal: Signal,
): Promise<ApplicationStatus> {
  const redactor = new Redactor();
  const options = { ...syncOptions(request.operation), prune: true, createNamespace: false };
  const denied = await deniedLooks(request, cluster, signal);
  const hidden = request.objects.filter((object) => isDenied(object, request.namespace, denied, cluster));
  const seen = { ...request, objects: request.objects.filter((object) => !hidden.includes(object)) };
  const session = new Session(cluster, seen, redactor, signal, { now: () => clock.now(), changed: () => undefined });
  await session.discover();
  const unseen = await session.takeInventory();
  await session.watch();
  const parts = { request: seen, cluster, identity, session, options, redactor, now: clock.now(), signal };
  await session.ignoring.read(session.live());
  const rehearsal = await dryRun(parts);
  const previews = previewsOf(rehearsal);
  const live = session.live();
  const resources = [
    ...rehearsal.outcome.tasks.map((view, index) =>
      resourceStatus(view, previews[index], {
        ...{ cluster, redactor, ignoring: session.ignoring },
        key: session.keyOf(view),
        live: live.get(session.keyOf(view)),
      }),
    ),
    ...hidden.map((object) => hiddenStatus(object, request.namespace)),
  ];
  const argocd = await argoStatus(cluster, request, signal);
  const counted = resources.filter(({ sync }) => sync !== '');
  return {
    application: request.application,
    cluster: identity,
    namespace: request.namespace,
    revision: request.revision.text,
    sync: applicationSync(counted),
    health: applicationHealth([...live.values()], (object) => cluster.health(object)),
    resources,
    notes: [...deniedTexts(denied, identity.user), ...unseenTexts(unseen), ...session.ignoring.notes].map((text) =>
      redactor.hide(text),
    ),
    ...(argocd ? { argocd } : {}),
  };
}

/** What the user may not look at. */
async function deniedLooks(request: SyncRequest, cluster: Cluster, signal: Signal): Promise<readonly AccessRequest[]> {
  await cluster.discover(request.objects.map(gvkOf), { refresh: false }, signal);
  const looks = {
    targets: request.objects,
    namespace: request.namespace,
    createNamespace: false,
    discovered: ({ group, version, kind }: Kind) => cluster.discovered(group, version, kind),
  };
  return cluster.denied(looksNeeded(looks), signal);
}

function isDenied(
  object: KubeObject,
  destination: string,
  denied: readonly AccessRequest[],
  cluster: Cluster,
): boolean {
  const { group, version, kind } = gvkOf(object);
  const found = cluster.discovered(group, version, kind);
  if ('error' in found) return false;
  const namespace = found.namespaced ? namespaceOf(object) || destination : '';
  return denied.some((one) => one.group === group && one.resource === found.plural && one.namespace === namespace);
}

const hiddenStatus = (object: KubeObject, destination: string): ResourceStatus => ({
  task: `${groupOf(object)}/${kindOf(object)}/${namespaceOf(object) || destination}/${nameOf(object)}`,
  phase: 'Sync',
  wave: 0,
  hook: isHook(object),
  sync: isHook(object) ? '' : 'Unknown',
  health: '',
  healthMessage: '',
  note: 'you may not read it',
  diff: [],
});

interface Found {
  readonly cluster: Cluster;
  readonly redactor: Redactor;
  readonly key: string;
  readonly live: KubeObject | undefined;
  readonly ignoring: Ignoring;
}

function resourceStatus(view: TaskView, preview: Preview | undefined, found: Found): ResourceStatus {
  const { cluster, redactor, key, live } = found;
  const health = live ? cluster.health(live) : null;
  const failed = health && 'error' in health;
  const { sync, note, diff, texts } = compared(view, preview, found);
  return {
    task: shownKey(key, view, preview?.action.object),
    phase: view.phase,
    wave: view.wave,
    hook: view.hook,
    sync,
    health: failed ? 'Unknown' : (health?.status ?? (live || view.hook || isWithoutCheck(view) ? '' : 'Missing')),
    healthMessage: redactor.hide(failed ? health.error : (health?.message ?? '')),
    note: redactor.hide(note),
    diff: diff.map((line) => redactor.hide(line)),
    ...(texts ? { texts } : {}),
  };
}

const IGNORED = 'differs only in what ignoreDifferences leaves out';

type Compared = Pick<ResourceStatus, 'sync' | 'note' | 'diff' | 'texts'>;

function compared(view: TaskView, preview: Preview | undefined, { live, redactor, ignoring }: Found): Compared {
  const plain = (sync: ResourceSync, note = ''): Compared => ({ sync, note, diff: [] });
  if (view.hook) return plain('', live ? '' : 'not there');
  if (!view.target) {
    const option = live ? annotationOf(live, 'argocd.argoproj.io/compare-options') : undefined;
    const ignored = option?.includes('IgnoreExtraneous') === true;
    return ignored ? plain('Synced', 'not in the application; IgnoreExtraneous') : plain('Extra');
  }
  if (!live) return plain('Missing');
  if (!preview) return plain('Unknown', 'no dry run of it was made');
  const { response, local } = preview;
  if (response.object && response.error === undefined) {
    const hide = (text: string): string => redactor.hide(text);
    const [before, after] = ignoring.without(live, response.object) ?? [live, response.object];
    const { lines, texts } = preview.differences(before, hide, after);
    const isWhole = before === live && after === response.object;
    return lines.length === 0
      ? plain('Synced', isWhole || preview.differences(live, hide).lines.length === 0 ? '' : IGNORED)
      : { sync: 'OutOfSync', note: '', diff: lines, ...(texts ? { texts } : {}) };
  }
  // Who may not write may not make a dry run either: what kubectl finds by itself still tells whether anything differs.
  if (response.reason === 'Forbidden' && local?.error === undefined && local?.message !== undefined)
    return / unchanged\b/.test(local.message)
      ? plain('Synced')
      : plain('OutOfSync', 'what differs cannot be told: you may not make a dry run of it');
  return plain('Unknown', `a sync would be refused: ${response.error ?? ''}`);
}

function applicationSync(resources: readonly ResourceStatus[]): ApplicationStatus['sync'] {
  if (resources.some(({ sync }) => sync === 'OutOfSync' || sync === 'Missing' || sync === 'Extra')) return 'OutOfSync';
  return resources.some(({ sync }) => sync === 'Unknown') ? 'Unknown' : 'Synced';
}

/** Is this what nobody has to act on? */
export const isFine = ({ sync, health }: { sync: string; health: HealthStatus }): boolean =>
  sync === 'Synced' && (health === 'Healthy' || health === '');
