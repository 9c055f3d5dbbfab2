import { nameOf } from '#core/object';
import type { Action, Response } from '#core/sync/model';
import { bodyOf, namelessError } from '../sync/kubectl/body.ts';
import type { MergeSchemas } from './openapi.ts';
import { PlainApply, type ApplyHow } from '../sync/kubectl/plain-apply.ts';
import type { Mapping } from '../sync/kubectl/requests.ts';
import { slimmed } from '../sync/kubectl/fields.ts';
import { ServerSideApply } from '../sync/kubectl/server-side-apply.ts';
import type { Writes } from './writes.ts';

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
      return this.#serverSide.run(action, mapping, object, how);
    }
    return slimmed(await this.#plain.run(action, mapping, object, how));
  }
}
