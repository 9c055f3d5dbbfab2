import { nameOf, namespaceOf, type Json, type JsonObject, type KubeObject } from '#core/object';
import { lastAppliedOf } from '#core/apply/last-applied';
import { PatchError } from '#core/apply/patch';
import type { Action, FieldOwner, Response } from '#core/sync/model';
import type { Signal } from '../signal.ts';
import { ownersText, shownName } from '../kubectl-texts.ts';
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
 * Argo CD's server-side apply, as ServerSideApply=true asks for it, with one difference: it forces only where that was
 * asked for. Where another manager owns a field that the manifest sets, that is told, and the object is left alone.
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
    const forces = action.forceConflicts === true;
    const told = (left: KubeObject, owners: readonly FieldOwner[]): Response => ({
      message: `${shown} serverside-applied${preview ? ' (server dry run)' : ''}`,
      object: slim(left),
      ...(owners.length > 0 ? { owners } : {}),
    });
    try {
      // What a watch has tells whether there is anything of ours to be handed over first, and not what.
      const isReady = known !== undefined && !isPlain(known.live, manager);
      const live = isReady ? undefined : await read();
      if (live && !preview) await this.#adopt(mapping, live, manager, signal);
      if (preview) {
        const { left, owners } = await this.#preview(mapping, live, object, { manager, forces, signal });
        return told(left, owners);
      }
      const options = { dryRun: false, manager, ...(forces ? { force: true } : {}) };
      const left = await this.#writes.applyPatch(mapping, object, options, signal);
      // The watch was behind.
      return isReady && isPlain(left, manager) ? await again() : told(left, []);
    } catch (error) {
      const owners = ownersIn(error);
      if (owners.length === 0) throw error;
      if (known !== undefined && owners.some((owner) => owner.manager === manager)) return again();
      return { error: conflictText(shown, owners), reason: 'Conflict', owners };
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
   * What the apply would leave, and whose fields it would take over. A dry run cannot hand our plain writes over first: it looks past them as conflicts, and
   * what the last one said and the manifest says no more is taken out here.
   */
  async #preview(
    mapping: Mapping,
    live: KubeObject | undefined,
    object: KubeObject,
    { manager, forces, signal }: { readonly manager: string; readonly forces: boolean; readonly signal: Signal },
  ): Promise<{ left: KubeObject; owners: readonly FieldOwner[] }> {
    const options = { dryRun: true, manager };
    let applied: KubeObject;
    let owners: readonly FieldOwner[] = [];
    try {
      applied = await this.#writes.applyPatch(mapping, object, options, signal);
    } catch (error) {
      const met = ownersIn(error);
      owners = met.filter((owner) => owner.manager !== manager);
      const isOwn = owners.length < met.length;
      if (met.length === 0 || (isOwn && !live) || (owners.length > 0 && !forces)) throw error;
      applied = await this.#writes.applyPatch(mapping, object, { ...options, force: true }, signal);
    }
    return { left: live ? this.#withoutOld(live, object, applied, manager) : applied, owners };
  }

  /** What is left of it without the fields that our plain writes have set, and the manifest says no more. */
  #withoutOld(live: KubeObject, object: KubeObject, applied: KubeObject, manager: string): KubeObject {
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

const ownersIn = (error: unknown): FieldOwner[] =>
  error instanceof ApiError ? [...conflictOwners(error.status)].map(([manager, fields]) => ({ manager, fields })) : [];

const conflictText = (shown: string, owners: readonly FieldOwner[]): string =>
  `${shown} was left as it is, for others own fields that the manifest sets: ${ownersText(owners)}. Leave these fields out of the manifest, or sync again with --force-conflicts (Force conflicts among the options), which takes them over as Argo CD does.`;
