/** A running control plane. */
export interface ControlPlane {
  readonly pids: Readonly<Record<string, number>>;
  readonly server: string;
  readonly version: string;
  readonly kubeconfig: string;
  readonly kubeconfigs: Readonly<Record<'admin' | 'argocd' | 'limited' | 'certificate', string>>;
  readonly auditLog: string;
  readonly startMs: number;
}

export interface StartOptions {
  readonly dir: string;
  readonly audit?: boolean;
  /** The control plane stops by itself when this process ends. */
  readonly ownerPid?: number;
  /** The folder of the programs; default: what build.sh prints. */
  readonly assets?: string;
}

export function start(options: StartOptions): Promise<ControlPlane>;
export function status(options: { readonly dir: string }): ControlPlane & { readonly residentMiB: number };
export function stop(options: {
  readonly dir: string;
  readonly remove?: boolean;
}): Promise<{ readonly stopMs: number }>;
export function restartApiServer(options: {
  readonly dir: string;
  readonly graceful?: boolean;
  readonly downMs?: number;
}): Promise<{ readonly restartMs: number; readonly pid: number }>;
