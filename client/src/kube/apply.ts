import { generateNameOf, nameOf, namespaceOf, resourceVersionOf, type Json, type KubeObject } from '#core/object';
import type { Action, Response } from '#core/sync/model';
import type { Signal } from '../sync/signal.ts';
import { without } from '../sync/json.ts';
import { generatedNameError } from '../sync/kubectl-texts.ts';
import { AsNew } from './as-new.ts';
import { shownName, type Mapping } from './discovery.ts';
import {
  adoptPatch,
  changesFields,
  conflictOwners,
  covers,
  fieldsOutside,
  hasField,
  managedEntries,
  says,
  slim,
  stored,
  withoutField,
  type FieldPath,
} from './fields.ts';
import { ApiError } from './request.ts';
import type { Writes } from './writes.ts';

/** kubectl's text for a manifest without a name. Source: k8s.io/kubectl/pkg/cmd/apply/apply.go `applyOneObject`. */
export function namelessError(object: KubeObject): string {
  return generateNameOf(object) === '' ? 'resource name may not be empty' : generatedNameError(object);
}

/** The object as it is sent: a cluster-scoped one without the namespace that the engine gave it. */
export function bodyOf(object: KubeObject, mapping: Mapping): KubeObject {
  const metadata = object['metadata'];
  if (mapping.namespaced || typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) return object;
  return { ...object, metadata: without(metadata, 'namespace') };
}

/** How the live object and the manifest stand to each other. */
interface Difference {
  /** Fields that we have set and the manifest does not say any more. */
  readonly removed: readonly FieldPath[];
  readonly changed: boolean;
  /** Our own former plain writes stand in the way of a server-side apply. */
  readonly adopt: boolean;
}

/**
 * Argo CD's plain and server-side apply. New objects are created exactly as written; objects that exist are changed by a
 * server-side apply without force, and only when something differs. `dryRun`: the server checks and writes nothing.
 */
export class Apply {
  readonly #writes: Writes;
  readonly #asNew: AsNew;

  constructor(writes: Writes) {
    this.#writes = writes;
    this.#asNew = new AsNew(writes);
  }

  async run(action: Action, mapping: Mapping, dryRun: boolean, signal: Signal): Promise<Response> {
    const object = bodyOf(action.object, mapping);
    const name = nameOf(object);
    if (name === '') return { error: namelessError(object) };
    const manager = action.manager ?? 'argocd-controller';
    const options = { dryRun, manager };
    const shown = shownName(mapping, name);
    const say = (what: string, left: KubeObject): Response => ({
      message: `${shown} ${action.serverSide === true ? 'serverside-applied' : what}${dryRun ? ' (server dry run)' : ''}`,
      object: slim(left),
    });

    const live = await this.#writes.read(mapping, namespaceOf(object), name, signal);
    if (live === undefined) {
      const created =
        action.serverSide === true
          ? await this.#writes.applyPatch(mapping, object, options, signal)
          : await this.#writes.create(mapping, object, options, signal);
      return say('created', created);
    }
    const difference = await this.#compare(mapping, live, object, manager, signal);
    // A server-side apply that was asked for makes us an owner of the fields, also where no value differs.
    if (!difference.changed && action.serverSide !== true) return say('unchanged', live);
    try {
      const applied = dryRun
        ? await this.#preview(mapping, live, object, difference, manager, signal)
        : await this.#update(mapping, live, object, difference, manager, signal);
      return say(
        resourceVersionOf(applied) === resourceVersionOf(live) && !dryRun ? 'unchanged' : 'configured',
        applied,
      );
    } catch (error) {
      const owners = error instanceof ApiError ? conflictOwners(error.status) : new Map<string, string[]>();
      if (owners.size > 0) return { error: conflictText(shown, owners), reason: 'Conflict' };
      const forced = action.force === true && action.serverSide !== true && !dryRun;
      if (!forced || !(error instanceof ApiError) || error.code !== 422) throw error;
      await this.#writes.removeAndWait(mapping, live, 'Background', signal);
      return say('configured', await this.#writes.create(mapping, object, options, signal));
    }
  }

  async #compare(
    mapping: Mapping,
    live: KubeObject,
    object: KubeObject,
    manager: string,
    signal: Signal,
  ): Promise<Difference> {
    const own = managedEntries(live).filter((entry) => entry.manager === manager && entry.subresource === '');
    const applied = own.filter((entry) => entry.operation === 'Apply');
    const updates = own.filter((entry) => entry.operation === 'Update');
    const removed = applied.flatMap((entry) => fieldsOutside(entry.fields, object));
    let doubtful = updates.flatMap((entry) => fieldsOutside(entry.fields, object));
    if (doubtful.length > 0) {
      // A plain write owns the server's defaults too. What a new object would get again was not removed by anybody.
      const fresh = await this.#asNew.of(mapping, live, object, manager, signal);
      doubtful = updates.flatMap((entry) =>
        fieldsOutside(entry.fields, object).filter((path) => fresh === undefined || !says(fresh, path)),
      );
    }
    const all = [...removed, ...doubtful];
    return {
      removed: all,
      changed: all.length > 0 || !covers(live, stored(object)),
      adopt: doubtful.length > 0 || updates.some((entry) => changesFields(entry.fields, live, object)),
    };
  }

  async #update(
    mapping: Mapping,
    live: KubeObject,
    object: KubeObject,
    difference: Difference,
    manager: string,
    signal: Signal,
  ): Promise<KubeObject> {
    const options = { dryRun: false, manager };
    if (difference.adopt) await this.#adopt(mapping, live, manager, signal);
    try {
      return await this.#writes.applyPatch(mapping, object, options, signal);
    } catch (error) {
      const owners = error instanceof ApiError ? [...conflictOwners(error.status).keys()] : [];
      if (difference.adopt || owners.length === 0 || owners.some((owner) => owner !== manager)) throw error;
      await this.#adopt(mapping, live, manager, signal);
      return this.#writes.applyPatch(mapping, object, options, signal);
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
        if (!(error instanceof ApiError) || error.code !== 409 || attempt >= 5) throw error;
        from = await this.#writes.read(mapping, namespaceOf(from), nameOf(from), signal);
      }
    }
  }

  /** What the update would leave. A dry run cannot hand fields over first, so what it would remove is taken out here. */
  async #preview(
    mapping: Mapping,
    live: KubeObject,
    object: KubeObject,
    difference: Difference,
    manager: string,
    signal: Signal,
  ): Promise<KubeObject> {
    const options = { dryRun: true, manager };
    let applied: KubeObject;
    try {
      applied = await this.#writes.applyPatch(mapping, object, options, signal);
    } catch (error) {
      const owners = error instanceof ApiError ? [...conflictOwners(error.status).keys()] : [];
      if (owners.length === 0 || owners.some((owner) => owner !== manager)) throw error;
      applied = await this.#writes.applyPatch(mapping, object, { ...options, force: true }, signal);
    }
    const others = managedEntries(live).filter((entry) => entry.manager !== manager);
    return difference.removed
      .filter((path) => !others.some((entry) => hasField(entry.fields, path)))
      .reduce<KubeObject>((left, path) => withoutField(left, path) as KubeObject, applied);
  }
}

function conflictText(shown: string, owners: ReadonlyMap<string, readonly string[]>): string {
  const who = [...owners].map(([owner, fields]) => `"${owner}" owns ${fields.join(', ')}`).join('; ');
  return `${shown} was left as it is, for others own fields that the manifest sets: ${who}. Leave these fields out of the manifest, or take them over once with kubectl apply --server-side --force-conflicts --field-manager=argocd-controller.`;
}
