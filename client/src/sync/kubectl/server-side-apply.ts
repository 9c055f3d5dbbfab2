import { nameOf, namespaceOf, type Json, type JsonObject, type KubeObject } from '#core/object';
import { lastAppliedOf } from '#core/apply/last-applied';
import { PatchError } from '#core/apply/patch';
import type { Action, Response } from '#core/sync/model';
import type { Signal } from '../signal.ts';
import { shownName } from '../kubectl-texts.ts';
import type { ApplyHow } from './plain-apply.ts';
import type { ApplyRequests, Mapping } from './requests.ts';
import { ApiError } from '../api-error.ts';
import {
  adoptPatch,
  conflictOwners,
  fieldsOutside,
  hasField,
  managedEntries,
  says,
  slim,
  withoutField,
  type ManagedEntry,
} from './fields.ts';

const ADOPT_ATTEMPTS = 5;

/**
 * Argo CD's server-side apply, as ServerSideApply=true asks for it, with one difference: it never forces. Where another
 * manager owns a field that the manifest sets, that is told, and the object is left alone.
 * Source: k8s.io/kubectl/pkg/cmd/apply/apply.go `applyOneObject`, `migrateToSSAIfNecessary`.
 */
export class ServerSideApply {
  readonly #writes: ApplyRequests;

  constructor(writes: ApplyRequests) {
    this.#writes = writes;
  }

  async run(
    action: Action,
    mapping: Mapping,
    object: KubeObject,
    { mode, known, signal }: ApplyHow,
  ): Promise<Response> {
    const shown = shownName(mapping, nameOf(object));
    const preview = mode === 'preview';
    const manager = action.manager ?? 'argocd-controller';
    const read = () => this.#writes.read(mapping, namespaceOf(object), nameOf(object), signal);
    const again = () => this.run(action, mapping, object, { mode, signal });
    const apply = () => this.#writes.applyPatch(mapping, object, { dryRun: preview, manager }, signal);
    try {
      // What a watch has tells whether there is anything of ours to be handed over first, and not what.
      const isReady = known !== undefined && !isPlain(known.live, manager);
      const live = isReady ? undefined : await read();
      if (live && !preview) await this.#adopt(mapping, live, manager, signal);
      const left = live && preview ? await this.#preview(mapping, live, object, manager, signal) : await apply();
      // The watch was behind.
      if (isReady && !preview && isPlain(left, manager)) return await again();
      return { message: `${shown} serverside-applied${preview ? ' (server dry run)' : ''}`, object: slim(left) };
    } catch (error) {
      const owners = ownersIn(error);
      if (owners.size === 0) throw error;
      if (known !== undefined && owners.has(manager)) return again();
      return { error: conflictText(shown, owners), reason: 'Conflict' };
    }
  }

  /** Hands our own plain writes over to server-side apply; nothing but managedFields changes. */
  async #adopt(mapping: Mapping, live: KubeObject, manager: string, signal: Signal): Promise<void> {
    let from: KubeObject | undefined = live;
    for (let attempt = 1; from !== undefined; attempt++) {
      const patch: Json | undefined = adoptPatch(from, manager);
      if (patch === undefined) return;
      try {
        const options = { dryRun: false, manager };
        await this.#writes.jsonPatch(mapping, namespaceOf(from), nameOf(from), patch, options, signal);
        return;
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== 409 || attempt >= ADOPT_ATTEMPTS) throw error;
        from = await this.#writes.read(mapping, namespaceOf(from), nameOf(from), signal);
      }
    }
  }

  /**
   * What the apply would leave. A dry run cannot hand our plain writes over first: it looks past them as conflicts, and
   * what the last one said and the manifest says no more is taken out here.
   */
  async #preview(
    mapping: Mapping,
    live: KubeObject,
    object: KubeObject,
    manager: string,
    signal: Signal,
  ): Promise<KubeObject> {
    const options = { dryRun: true, manager };
    let applied: KubeObject;
    try {
      applied = await this.#writes.applyPatch(mapping, object, options, signal);
    } catch (error) {
      const owners = [...ownersIn(error).keys()];
      if (owners.length === 0 || owners.some((owner) => owner !== manager)) throw error;
      applied = await this.#writes.applyPatch(mapping, object, { ...options, force: true }, signal);
    }
    const entries = managedEntries(live);
    const others = entries.filter((entry) => entry.manager !== manager);
    const last = appliedBefore(live);
    return entries
      .filter((entry) => isPlainEntry(entry, manager))
      .flatMap((entry) => fieldsOutside(entry.fields, object))
      .filter((path) => says(last, path) && !others.some((entry) => hasField(entry.fields, path)))
      .reduce<KubeObject>((left, path) => withoutField(left, path) as KubeObject, applied);
  }
}

/** Are fields of it set by plain writes of this manager? Told by managedFields, slim or whole. */
const isPlain = (live: KubeObject | undefined, manager: string): boolean =>
  live !== undefined && managedEntries(live).some((entry) => isPlainEntry(entry, manager));

const isPlainEntry = (entry: ManagedEntry, manager: string): boolean =>
  entry.manager === manager && entry.operation === 'Update' && entry.subresource === '';

/** What the last plain apply said, as far as it can be read. */
function appliedBefore(live: KubeObject): JsonObject {
  try {
    return lastAppliedOf(live);
  } catch (error) {
    if (error instanceof PatchError) return {};
    throw error;
  }
}

const ownersIn = (error: unknown): ReadonlyMap<string, readonly string[]> =>
  error instanceof ApiError ? conflictOwners(error.status) : new Map<string, string[]>();

function conflictText(shown: string, owners: ReadonlyMap<string, readonly string[]>): string {
  const who = [...owners].map(([owner, fields]) => `"${owner}" owns ${fields.join(', ')}`).join('; ');
  return `${shown} was left as it is, for others own fields that the manifest sets: ${who}. Leave these fields out of the manifest, or take them over once with kubectl apply --server-side --force-conflicts --field-manager=argocd-controller.`;
}
