import { createHash } from 'node:crypto';
import { writeJson } from '#core/json';
import { metadataOf, resourceVersionOf, uidOf, type KubeObject } from '#core/object';
import { without } from '../sync/json.ts';
import type { Signal } from '../sync/signal.ts';
import type { Mapping } from './discovery.ts';
import { ApiError } from './request.ts';
import type { Writes } from './writes.ts';

/** Tells what an object would be if it were new: which of its fields are defaults of the server. */
export class AsNew {
  readonly #writes: Writes;
  /** Answers by the uid of the live object, with a digest of what was asked: the preview asks first, and then the sync. */
  readonly #known = new Map<string, { readonly digest: string; readonly answer: KubeObject | undefined }>();

  constructor(writes: Writes) {
    this.#writes = writes;
  }

  /**
   * The object with all that the server gives it: from a dry run of its creation under another name, or (where the name
   * is part of it) of its replacement. Undefined: cannot be told.
   */
  async of(
    mapping: Mapping,
    live: KubeObject,
    object: KubeObject,
    manager: string,
    signal: Signal,
  ): Promise<KubeObject | undefined> {
    const uid = uidOf(live);
    const digest = createHash('sha256').update(writeJson(object)).digest('base64');
    const known = this.#known.get(uid);
    if (known?.digest === digest) return known.answer;
    const options = { dryRun: true, manager };
    const metadata = without(metadataOf(object), 'name', 'resourceVersion', 'uid');
    const renamed = { ...object, metadata: { ...metadata, generateName: 'argocd-hooks-' } };
    const whole = { ...object, metadata: { ...metadataOf(object), resourceVersion: resourceVersionOf(live) } };
    const answer =
      (await unlessRefused(this.#writes.create(mapping, renamed, options, signal))) ??
      (await unlessRefused(this.#writes.put(mapping, whole, options, signal)));
    this.#known.set(uid, { digest, answer });
    return answer;
  }
}

/** The answer, or undefined where the server refuses the request. */
async function unlessRefused(request: Promise<KubeObject>): Promise<KubeObject | undefined> {
  try {
    return await request;
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}
