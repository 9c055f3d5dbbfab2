import { generateNameOf, nameOf, type KubeObject } from '#core/object';
import type { Action, Response } from '#core/sync/model';
import { without } from '../sync/json.ts';
import { generatedNameError } from '../sync/kubectl-texts.ts';
import type { MergeSchemas } from './openapi.ts';
import { PlainApply, type ApplyHow } from '../sync/kubectl/plain-apply.ts';
import type { Mapping } from '../sync/kubectl/requests.ts';
import { slimmed } from './fields.ts';
import { ServerSideApply } from './server-side-apply.ts';
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

/** Argo CD's apply: plain, or on the server where ServerSideApply=true asks for it. */
export class Apply {
  readonly #plain: PlainApply;
  readonly #serverSide: ServerSideApply;

  constructor(writes: Writes, schemas: MergeSchemas) {
    this.#plain = new PlainApply(writes, schemas);
    this.#serverSide = new ServerSideApply(writes);
  }

  /**
   * Applies, or tells what applying would do.
   * @throws ApiError, PatchError
   */
  async run(action: Action, mapping: Mapping, how: ApplyHow): Promise<Response> {
    const object = bodyOf(action.object, mapping);
    if (nameOf(object) === '') return { error: namelessError(object) };
    if (action.serverSide === true && how.mode !== 'client') {
      return this.#serverSide.run(action, mapping, object, { preview: how.mode === 'preview', signal: how.signal });
    }
    return slimmed(await this.#plain.run(action, mapping, object, how));
  }
}
