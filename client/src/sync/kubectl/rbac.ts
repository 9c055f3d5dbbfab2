import { reconcile } from '#core/apply/rbac';
import { nameOf, namespaceOf, type KubeObject } from '#core/object';
import { ApiError } from '../api-error.ts';
import { shownName } from '../kubectl-texts.ts';
import type { Signal } from '../signal.ts';
import type { Mapping, Requests, WriteOptions } from './requests.ts';

/** How an apply is carried out: written, as a server-side dry run, or as kubectl's dry run on the client. */
export type Mode = 'write' | 'preview' | 'client';

/** What kubectl adds to what it says of a dry run. */
export function dryRunSuffix(mode: Mode): string {
  if (mode === 'write') return '';
  return mode === 'client' ? ' (dry run)' : ' (server dry run)';
}

/** What a reconciliation left, or would leave. */
export interface Reconciled {
  /** kubectl's text, without a line feed at its end: Argo CD joins it to the text of the apply without one, too. */
  readonly said: string;
  readonly live: KubeObject | undefined;
  /** The live object has to go first: it binds another role. */
  readonly recreated: boolean;
}

/** kubectl tries again where the object was changed meanwhile. Source: kubectl/pkg/cmd/auth/reconcile.go. */
const ATTEMPTS = 3;

/**
 * `kubectl auth reconcile` of a role or binding, which Argo CD runs before it applies one. The namespace is not created.
 * @throws ApiError
 */
export async function reconcileRbac(
  requests: Requests,
  mapping: Mapping,
  target: KubeObject,
  { mode, options, signal }: { readonly mode: Mode; readonly options: WriteOptions; readonly signal: Signal },
): Promise<Reconciled> {
  const name = nameOf(target);
  for (let attempt = 1; ; attempt++) {
    const live = await requests.read(mapping, namespaceOf(target), name, signal);
    const plan = reconcile(live, target);
    const report = plan.report.trim();
    const said = `${shownName(mapping, name)} reconciled${dryRunSuffix(mode)}${report === '' ? '' : `. ${report}`}`;
    const recreated = plan.operation === 'recreate' && !plan.protected;
    if (mode !== 'write' || plan.protected || plan.operation === 'none') return { said, live, recreated };
    try {
      if (live && recreated) await requests.remove(mapping, live, undefined, options, signal);
      const left =
        live && !recreated
          ? await requests.put(mapping, plan.object, options, signal)
          : await requests.create(mapping, plan.object, options, signal);
      return { said, live: left, recreated };
    } catch (error) {
      // Somebody changed, made or removed it since it was read.
      const met = error instanceof ApiError && (error.code === 409 || (error.code === 404 && live !== undefined));
      if (!met || attempt >= ATTEMPTS) throw error;
    }
  }
}
