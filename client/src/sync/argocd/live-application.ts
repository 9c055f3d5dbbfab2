import { at, flagAt, listAt, textAt, textsAt } from '#core/fields';
import { isObject, isTerminating, keyOf, nameOf, namespaceOf, type JsonObject, type KubeObject } from '#core/object';
import type { ProjectDestination } from '#core/project/permissions';
import type { OperationPhase } from '#core/sync/model';
import type { ClusterIdentity, Kind } from '../cluster.ts';

export const APPLICATION: Kind = { group: 'argoproj.io', version: 'v1alpha1', kind: 'Application' };
/** Where Argo CD stands unless somebody has chosen otherwise. */
export const ARGOCD_NAMESPACE = 'argocd';
export const PROJECT: Kind = { ...APPLICATION, kind: 'AppProject' };
/** How an Application names the cluster that Argo CD itself runs in. */
const IN_CLUSTER = 'https://kubernetes.default.svc';
const IN_CLUSTER_NAME = 'in-cluster';

/** Where an Application stands. */
export interface ApplicationPlace {
  readonly namespace: string;
  readonly name: string;
}

export const applicationKey = ({ namespace, name }: ApplicationPlace): string =>
  keyOf({ ...APPLICATION, namespace, name });

/** An operation of Argo CD that has not ended. Requested: its controller has not begun it. */
export interface UnendedOperation {
  readonly phase: 'Requested' | 'Running' | 'Terminating';
  readonly message: string;
  /** RFC 3339; empty where it has not begun. */
  readonly startedAt: string;
  /** Who asked for it; empty where nothing says. */
  readonly by: string;
}

/** What an Application in the cluster says of itself. */
export interface LiveApplication extends ApplicationPlace {
  /** Argo CD syncs it by itself. */
  readonly automated: boolean;
  readonly selfHeal: boolean;
  readonly isDeleted: boolean;
  /** What it syncs, in words. */
  readonly sources: readonly string[];
  /** Destination: the address or the name of a cluster, empty for Argo CD's own. */
  readonly cluster: string;
  readonly destination: string;
  /** The project that says what it may hold, and when it is synced. */
  readonly project: string;
  /** Address and name of the destination's cluster, as far as the Application tells them. */
  readonly place: ProjectDestination;
  readonly operation?: UnendedOperation;
}

/** Reads an Application. Source: pkg/apis/application/v1alpha1/types.go `Application`. */
export function liveApplication(object: KubeObject): LiveApplication {
  const automated = at(object, 'spec', 'syncPolicy', 'automated');
  const isAutomated = isObject(automated) && automated['enabled'] !== false;
  const server = textAt(object, 'spec', 'destination', 'server');
  const named = textAt(object, 'spec', 'destination', 'name');
  const isOwn = server === IN_CLUSTER || (server === '' && named === IN_CLUSTER_NAME);
  const operation = unendedOperation(object);
  return {
    namespace: namespaceOf(object),
    name: nameOf(object),
    automated: isAutomated,
    selfHeal: isAutomated && flagAt(automated, 'selfHeal'),
    isDeleted: isTerminating(object),
    sources: sourcesOf(object).map(sourceText),
    cluster: isOwn ? '' : server || named,
    project: textAt(object, 'spec', 'project') || 'default',
    place: isOwn ? { server: IN_CLUSTER, name: IN_CLUSTER_NAME } : { server, name: named },
    destination: textAt(object, 'spec', 'destination', 'namespace'),
    ...(operation ? { operation } : {}),
  };
}

/** Does it deploy to the cluster that it stands in? */
export const isCluster = ({ cluster }: LiveApplication, { server }: ClusterIdentity): boolean =>
  cluster === '' || cluster === server;

/** Does it deploy there? Manifests name the namespace themselves where it names none. */
export const deploysTo = (live: LiveApplication, identity: ClusterIdentity, namespace: string): boolean =>
  isCluster(live, identity) && (live.destination === '' || live.destination === namespace);

/** The sources of an Application, one or several. Source: types.go `ApplicationSpec.GetSources`. */
export function sourcesOf(object: KubeObject): JsonObject[] {
  const several = listAt(object, 'spec', 'sources');
  const single = at(object, 'spec', 'source');
  return several.length > 0 ? several : isObject(single) ? [single] : [];
}

function sourceText(source: JsonObject): string {
  const [chart, path, revision] = [textAt(source, 'chart'), textAt(source, 'path'), textAt(source, 'targetRevision')];
  const what = chart !== '' ? `chart ${chart}` : path === '' ? '' : `path ${path}`;
  return [textAt(source, 'repoURL'), what, `at ${revision || 'HEAD'}`].filter((part) => part !== '').join(' ');
}

/**
 * The operation that stands in the Application: from the moment that it is asked for until Argo CD's controller takes it
 * away, when it has ended. Source: controller/appcontroller.go `processAppOperationQueueItem`, `setOperationState`.
 */
function unendedOperation(object: KubeObject): UnendedOperation | undefined {
  const operation = object['operation'];
  if (!isObject(operation)) return undefined;
  const state = operationStateOf(object);
  const by =
    at(operation, 'initiatedBy', 'automated') === true
      ? 'Argo CD itself'
      : textAt(operation, 'initiatedBy', 'username');
  const phase = state?.phase;
  if (!state || (phase !== 'Running' && phase !== 'Terminating'))
    return { phase: 'Requested', message: '', startedAt: '', by };
  return { phase, message: state.message, startedAt: state.startedAt, by };
}

/** `status.operationState`: of the running operation, or of the last one. */
export interface ArgoOperationState {
  readonly phase: OperationPhase;
  readonly message: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly retryCount: number;
  /** The operation as it was asked for. */
  readonly operation: JsonObject;
  readonly resources: readonly JsonObject[];
  /** What was synced, a commit where that is known; several of several sources. */
  readonly revision: string;
}

const PHASES: readonly OperationPhase[] = ['Running', 'Terminating', 'Succeeded', 'Failed', 'Error'];

/** The state of an Application's operation; undefined where there was none, or before the controller has begun it. */
export function operationStateOf(object: KubeObject): ArgoOperationState | undefined {
  const state = at(object, 'status', 'operationState');
  const phase = PHASES.find((known) => known === at(state, 'phase'));
  if (!isObject(state) || phase === undefined) return undefined;
  const operation = state['operation'];
  return {
    phase,
    message: textAt(state, 'message'),
    startedAt: textAt(state, 'startedAt'),
    finishedAt: textAt(state, 'finishedAt'),
    retryCount: Number(state['retryCount'] ?? 0),
    operation: isObject(operation) ? operation : {},
    resources: listAt(state, 'syncResult', 'resources'),
    revision: textAt(state, 'syncResult', 'revision') || textsAt(state, 'syncResult', 'revisions').join(', '),
  };
}

export const hasEnded = ({ phase }: Pick<ArgoOperationState, 'phase'>): boolean =>
  phase !== 'Running' && phase !== 'Terminating';
