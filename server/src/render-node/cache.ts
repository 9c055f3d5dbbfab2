import type { RenderOutput } from '../workspace/render/model.ts';

/** How much is kept, in UTF-16 units. */
const MAX_SIZE = 32 * 1024 * 1024;
const MAX_ENTRIES = 500;

/** Outputs by the digest of everything that they were made from; what was not asked for the longest goes first. */
export class OutputCache {
  readonly #outputs = new Map<string, RenderOutput>();
  #size = 0;

  get(key: string): RenderOutput | undefined {
    const output = this.#outputs.get(key);
    if (output === undefined) return undefined;
    this.#outputs.delete(key);
    this.#outputs.set(key, output);
    return output;
  }

  set(key: string, output: RenderOutput): void {
    const before = this.#outputs.get(key);
    if (before) this.#size -= sizeOf(before);
    this.#outputs.delete(key);
    this.#outputs.set(key, output);
    this.#size += sizeOf(output);
    for (const [oldest, dropped] of this.#outputs) {
      if (this.#size <= MAX_SIZE && this.#outputs.size <= MAX_ENTRIES) break;
      this.#outputs.delete(oldest);
      this.#size -= sizeOf(dropped);
    }
  }
}

function sizeOf(output: RenderOutput): number {
  switch (output.kind) {
    case 'rendered':
      return output.output.length + (output.traced?.length ?? 0);
    case 'failed':
      return output.message.length;
    case 'missing':
    case 'cancelled':
      return 0;
  }
}
