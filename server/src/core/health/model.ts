/** Source: gitops-engine/pkg/health/health.go `HealthStatusCode`. Empty: the check gave none. */
export type HealthStatus = 'Healthy' | 'Suspended' | 'Progressing' | 'Missing' | 'Degraded' | 'Unknown' | '';

export interface Health {
  readonly status: HealthStatus;
  readonly message: string;
}

/** Health of one object; null where its kind has no check; an error where the check itself failed. */
export type HealthResult = Health | null | { readonly error: string };

/** Healths as checks give them. */
export const healthy = (message = ''): Health => ({ status: 'Healthy', message });
export const progressing = (message = ''): Health => ({ status: 'Progressing', message });
export const degraded = (message = ''): Health => ({ status: 'Degraded', message });

/** What Argo CD makes of a script whose status it does not know. Source: util/lua/lua.go `ExecuteHealthLua`. */
export const invalidHealth: Health = { status: 'Unknown', message: 'Lua returned an invalid health status' };
