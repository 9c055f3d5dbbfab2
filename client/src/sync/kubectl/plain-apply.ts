import { hasLastApplied, lastAppliedOf, withLastApplied, withoutNulls } from '#core/apply/last-applied';
import { jsonMergePatch } from '#core/apply/json-merge';
import { isReconciled } from '#core/apply/rbac';
import { strategicMergePatch } from '#core/apply/strategic';
import { isTerminating, metadataOf, nameOf, namespaceOf, type JsonObject, type KubeObject } from '#core/object';
import type { Action, Response } from '#core/sync/model';
import { ApiError } from '../api-error.ts';
import { without } from '../json.ts';
import { deletingWarning, missingAnnotationWarning, shownName } from '../kubectl-texts.ts';
import type { Signal } from '../signal.ts';
import { dryRunSuffix, reconcileRbac, type Mode, type Reconciled } from './rbac.ts';
import { removeAndWait } from './remove-and-wait.ts';
import type { Mapping, PatchKind, Requests, Schemas, WriteOptions } from './requests.ts';

/** Attempts after a conflict, and the pause before the second and later ones. Source: kubectl/pkg/cmd/apply/patcher.go. */
const RETRIES = 5;
const RETRY_MS = 1000;

interface Patch {
  readonly kind: PatchKind;
  readonly patch: JsonObject;
}

/**
 * How an apply is carried out. `known`: what a watch has of the live object; absent where nobody knows. It saves a read: a
 * dry run goes by it as it is, a write only where it says that there is nothing, for there the server contradicts.
 */
export interface ApplyHow {
  readonly mode: Mode;
  readonly known?: { readonly live: KubeObject | undefined } | undefined;
  readonly signal: Signal;
}

/** What an apply is about. */
interface Subject {
  readonly mapping: Mapping;
  /** The manifest, with itself in the last-applied annotation. */
  readonly object: KubeObject;
  readonly mode: Mode;
  readonly force: boolean;
  readonly options: WriteOptions;
  readonly signal: Signal;
}

/** What a change came to: the object that stands there, and kubectl's word for it. */
interface Outcome {
  readonly word: 'configured' | 'unchanged';
  readonly left: KubeObject;
}

/**
 * Argo CD's plain apply: kubectl's apply on the client. What the manifest says is set, what it said the last time and says
 * no more is taken away, everything else stays.
 * Source: k8s.io/kubectl/pkg/cmd/apply/apply.go `applyOneObject`, patcher.go `Patch`; gitops-engine
 * pkg/utils/kube/resource_ops.go `ApplyResource`.
 */
export class PlainApply {
  readonly #requests: Requests;
  readonly #schemas: Schemas;

  constructor(requests: Requests, schemas: Schemas) {
    this.#requests = requests;
    this.#schemas = schemas;
  }

  /**
   * Applies, or tells what applying would do.
   * @throws ApiError, PatchError
   */
  async run(
    action: Action,
    mapping: Mapping,
    target: KubeObject,
    { mode, known, signal }: ApplyHow,
  ): Promise<Response> {
    const read = () => this.#requests.read(mapping, namespaceOf(target), nameOf(target), signal);
    const options = { dryRun: mode !== 'write', manager: action.manager ?? 'argocd-controller' };
    const subject = { mapping, object: withLastApplied(target), mode, force: action.force === true, options, signal };
    const reconciled = isReconciled(target) ? await this.#reconcile(subject, target) : undefined;
    const trusted = mode !== 'write' || known?.live === undefined ? known : undefined;
    let { live } = reconciled ?? trusted ?? { live: await read() };
    let created: KubeObject | undefined;
    if (!live) {
      try {
        created = await this.#create(subject);
      } catch (error) {
        // It has come since the watch last told of it.
        if (reconciled || !trusted || !isThereAlready(error)) throw error;
        live = await read();
        if (!live) throw error;
      }
    }
    const { word, left } = live
      ? await this.#change(subject, live, reconciled)
      : { word: 'created', left: created ?? target };
    const told = [
      `${reconciled?.said ?? ''}${shownName(mapping, nameOf(target))} ${word}${dryRunSuffix(mode)}`,
      ...(live && !hasLastApplied(live) ? [missingAnnotationWarning(mapping.plural, nameOf(target))] : []),
      ...(live && isTerminating(left) ? [deletingWarning(nameOf(target))] : []),
    ];
    const message = told.length > 1 ? `${told[0] ?? ''}. ${told.slice(1).join('\n')}` : (told[0] ?? '');
    return mode === 'client' ? { message } : { message, object: left };
  }

  async #reconcile({ mapping, mode, options, signal }: Subject, target: KubeObject): Promise<Reconciled> {
    try {
      return await reconcileRbac(this.#requests, mapping, target, { mode, options, signal });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const message = `error running kubectl auth reconcile: ${error.message}`;
      throw new ApiError(error.code, { ...error.status, message }, error.repeated);
    }
  }

  #create({ mapping, object, mode, options, signal }: Subject): KubeObject | Promise<KubeObject> {
    const body = withoutNulls(object) as KubeObject;
    return mode === 'client' ? body : this.#requests.create(mapping, body, options, signal);
  }

  async #change(subject: Subject, live: KubeObject, reconciled: Reconciled | undefined): Promise<Outcome> {
    const { mapping, object, mode, options, signal } = subject;
    // A dry run cannot delete the binding first; what stands there afterwards is what is written.
    if (mode !== 'write' && reconciled?.recreated) return { word: 'configured', left: object };
    let current = live;
    for (let attempt = 0; ; attempt++) {
      const { kind, patch } = await this.#patch(subject, current);
      if (Object.keys(patch).length === 0) return { word: 'unchanged', left: current };
      if (mode === 'client') return { word: 'configured', left: current };
      try {
        return {
          word: 'configured',
          left: await this.#requests.patch(mapping, object, { kind, patch }, options, signal),
        };
      } catch (error) {
        if (!(error instanceof ApiError) || (error.code !== 409 && error.code !== 422)) throw error;
        if (error.code === 422 || attempt >= RETRIES) {
          if (!subject.force || mode !== 'write') throw error;
          return { word: 'configured', left: await this.#recreate(subject, current) };
        }
        if (attempt > 0) await this.#requests.sleep(RETRY_MS, signal);
        current = await this.#requests.get(mapping, namespaceOf(object), nameOf(object), signal);
      }
    }
  }

  async #patch({ mapping, object, mode, signal }: Subject, current: KubeObject): Promise<Patch> {
    const ways = { original: lastAppliedOf(current), modified: object, current };
    const schema = await this.#schemas.of(mapping, signal);
    if (!schema) return { kind: 'merge', patch: jsonMergePatch(ways) };
    const patch = strategicMergePatch(ways, schema);
    // The reconciliation that a server-side dry run leaves out takes an aggregation away that nobody asks for any more.
    const aggregates = isReconciled(object) && (object['aggregationRule'] ?? current['aggregationRule']) !== undefined;
    const stale = mode === 'preview' && aggregates && (object['aggregationRule'] ?? null) === null;
    return { kind: 'strategic', patch: stale ? { ...patch, aggregationRule: null } : patch };
  }

  /** Deletes and creates anew; where the new object is refused the old one is put back. Source: patcher.go `deleteAndCreate`. */
  async #recreate({ mapping, object, options, signal }: Subject, live: KubeObject): Promise<KubeObject> {
    await removeAndWait(this.#requests, mapping, live, 'Background', signal);
    try {
      return await this.#requests.create(mapping, object, options, signal);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const metadata = without(metadataOf(live), 'uid', 'resourceVersion', 'creationTimestamp', 'managedFields');
      try {
        await this.#requests.create(mapping, { ...live, metadata }, options, signal);
      } catch (failure) {
        if (!(failure instanceof ApiError)) throw failure;
        const message = `An error occurred force-replacing the existing object with the newly provided one:\n\n${error.message}.\n\nAdditionally, an error occurred attempting to restore the original object:\n\n${failure.message}`;
        throw new ApiError(error.code, { ...error.status, message }, false);
      }
      throw error;
    }
  }
}

const isThereAlready = (error: unknown): boolean =>
  error instanceof ApiError && error.code === 409 && error.reason === 'AlreadyExists';
