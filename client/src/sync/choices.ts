import { isHook } from '#core/annotations/classify';
import { objectIdOf, type KubeObject, type ObjectId } from '#core/object';
import { selects } from '#core/sync/build';
import type { SelectedResource } from '#core/sync/model';
import type { OperationRequest } from '#core/sync/options';
import type { SyncRequest } from './request.ts';
import { SWITCHES, type OfferedChoices, type OperationChoices, type SwitchName } from './model.ts';

/** Those that are a sync option, as an Application writes it. */
const SYNC_OPTIONS = {
  pruneLast: 'PruneLast',
  replace: 'Replace',
  serverSide: 'ServerSideApply',
  applyOutOfSyncOnly: 'ApplyOutOfSyncOnly',
  createNamespace: 'CreateNamespace',
} as const satisfies Partial<Record<SwitchName, string>>;
type OptionName = keyof typeof SYNC_OPTIONS;
const OPTION_NAMES = Object.keys(SYNC_OPTIONS) as OptionName[];

const CHOSEN: ReadonlySet<string> = new Set(Object.values(SYNC_OPTIONS).map((option) => `${option}=true`));

/**
 * What of an operation may be changed, as it stands.
 * @param targets manifests as they are sent
 * @param live objects of the application; what has no manifest any more can be chosen where pruning is on
 * @param place identity of an object as it stands in the cluster: without a namespace where its kind has none
 */
export function offeredChoices(
  { operation, retry, waveDelay }: SyncRequest,
  targets: readonly KubeObject[],
  live: Iterable<KubeObject>,
  place: (object: KubeObject) => ObjectId,
): OfferedChoices {
  const extra = operation.prune === true ? live : [];
  const ids = [...targets, ...extra].filter((object) => !isHook(object)).map(place);
  const named = ids.filter(({ name }) => name !== '');
  const selectable = [...new Map(named.map((id) => [JSON.stringify(id), id])).values()];
  const { syncOptions = [], resources = [] } = operation;
  const options = OPTION_NAMES.map((name) => [name, syncOptions.includes(`${SYNC_OPTIONS[name]}=true`)] as const);
  return {
    selectable,
    further: syncOptions.filter((option) => !CHOSEN.has(option)),
    chosen: {
      ...(Object.fromEntries(options) as Record<OptionName, boolean>),
      prune: operation.prune === true,
      dryRun: operation.dryRun === true,
      force: operation.force === true,
      forceConflicts: operation.forceConflicts === true,
      retry,
      ...(waveDelay === undefined ? {} : { waveDelay: waveDelay / 1000 }),
      ...(resources.length === 0
        ? {}
        : { resources: selectable.filter((id) => resources.some((entry) => selects(entry, id))) }),
    },
  };
}

/** Identity of an object, where its kind has no namespace without one. */
export const identityOf = (object: KubeObject, namespaced: boolean): ObjectId =>
  namespaced ? objectIdOf(object) : { ...objectIdOf(object), namespace: '' };

/** The same sync with these options. What cannot be chosen of it stays as it is. */
export function withChoices(request: SyncRequest, choices: OperationChoices): SyncRequest {
  const { resources = [], waveDelay, retry } = choices;
  return {
    ...request,
    operation: operationWith(request.operation, choices, resources),
    retry,
    retryIsChosen: request.retryIsChosen === true || retry !== request.retry,
    waveDelay: waveDelay === undefined ? undefined : waveDelay * 1000,
  };
}

function operationWith(
  before: OperationRequest,
  choices: OperationChoices,
  resources: readonly SelectedResource[],
): OperationRequest {
  const { prune, dryRun, force, forceConflicts } = choices;
  const on = OPTION_NAMES.filter((name) => choices[name]).map((name) => `${SYNC_OPTIONS[name]}=true`);
  const kept = (before.syncOptions ?? []).filter((option) => !CHOSEN.has(option) || on.includes(option));
  return { ...before, prune, dryRun, force, forceConflicts, resources, syncOptions: [...new Set([...kept, ...on])] };
}

/** Reads the options out of what another program says; undefined where they are none. */
export function readChoices(value: unknown): OperationChoices | undefined {
  if (!isRecord(value)) return undefined;
  const switches = SWITCHES.map((name) => [name, value[name]] as const);
  const { retry, waveDelay, resources } = value;
  if (switches.some(([, on]) => typeof on !== 'boolean')) return undefined;
  if (!Number.isInteger(retry) || Math.abs(Number(retry)) > 1e9) return undefined;
  if (waveDelay !== undefined && !(typeof waveDelay === 'number' && waveDelay >= 0 && waveDelay <= 1e6))
    return undefined;
  const selected = resources === undefined ? undefined : readResources(resources);
  if (resources !== undefined && selected === undefined) return undefined;
  return {
    ...(Object.fromEntries(switches) as Record<SwitchName, boolean>),
    retry: Number(retry),
    ...(waveDelay === undefined ? {} : { waveDelay: Number(waveDelay) }),
    ...(selected ? { resources: selected } : {}),
  };
}

/** A selection of nothing is none: it would be read as one of everything. */
function readResources(value: unknown): SelectedResource[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const found = value.flatMap((entry: unknown): SelectedResource[] => {
    if (!isRecord(entry)) return [];
    const { group = '', kind, name, namespace = '' } = entry;
    const texts = typeof group === 'string' && typeof namespace === 'string';
    if (!texts || typeof kind !== 'string' || typeof name !== 'string' || kind === '' || name === '') return [];
    return [{ group, kind, name, namespace }];
  });
  return found.length === value.length ? found : undefined;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
