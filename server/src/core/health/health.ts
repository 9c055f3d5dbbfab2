import { HOOK_FINALIZER } from '../annotations/keys.ts';
import { finalizersOf, isTerminating, nameOf, namespaceOf, type KubeObject } from '../object.ts';
import { goHealth } from './go-checks.ts';
import { luaHealth } from './lua-checks.ts';
import { invalidHealth, type Health, type HealthResult, type HealthStatus } from './model.ts';

/** What an override says of an object. An empty `status` is an answer too. */
export interface OverrideHealth {
  readonly status: string;
  readonly message: string;
  /** Why the object cannot go, while it is being deleted. */
  readonly deletionMessage?: string;
}

/** A check that is asked before the built-in ones; undefined: it has no answer. */
export type HealthOverride = (object: KubeObject) => OverrideHealth | { readonly error: string } | undefined;

export interface HealthOptions {
  /** Ask the checks that Argo CD has in Lua; true unless it is said otherwise. */
  readonly lua?: boolean;
  readonly override?: HealthOverride;
}

const STATUSES: ReadonlySet<string> = new Set<HealthStatus>([
  'Healthy',
  'Suspended',
  'Progressing',
  'Missing',
  'Degraded',
  'Unknown',
  '',
]);
const isStatus = (status: string): status is HealthStatus => STATUSES.has(status);

/**
 * Health of a live object as Argo CD v3.6.1 sees it: an override, the check in Lua, the check in Go, in this order; an
 * object that is being deleted and does not carry the hook finalizer is pending deletion, unless its check failed.
 * Source: gitops-engine/pkg/health/health.go `GetResourceHealth`; util/lua/lua.go `ResourceHealthOverrides`.
 */
export function healthOf(object: KubeObject, options: HealthOptions = {}): HealthResult {
  const own = options.override?.(object);
  if (own && 'error' in own)
    return { error: `failed to get resource health for ${namespaceOf(object)}/${nameOf(object)}: ${own.error}` };
  const overridden = own && known(own);
  const checked = overridden ?? (options.lua === false ? null : luaHealth(object)) ?? goHealth(object);
  if (checked && 'error' in checked) return checked;
  if (!isTerminating(object) || finalizersOf(object).includes(HOOK_FINALIZER)) return checked;
  const deletionMessage = own?.deletionMessage ?? '';
  return deletionMessage !== '' && checked ? { ...checked, message: deletionMessage } : pendingDeletion(object);
}

function known({ status, message }: OverrideHealth): Health {
  return isStatus(status) ? { status, message } : invalidHealth;
}

function pendingDeletion(object: KubeObject): Health {
  const finalizers = finalizersOf(object);
  const blocked = finalizers.length > 0 ? `; blocked by finalizers: ${finalizers.join(', ')}` : '';
  return { status: 'Progressing', message: `Pending deletion${blocked}` };
}
