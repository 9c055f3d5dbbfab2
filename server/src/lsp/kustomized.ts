import type { Located } from './folders.ts';

/** What a kustomization makes of a document. */
export interface KustomizedAs {
  /** A kustomization builds on it: what a rule says of it is milder. */
  readonly listed: boolean;
  /** It is taken for a patch: its manifests are parts of others. */
  readonly patch: boolean;
}

const NOT: KustomizedAs = { listed: false, patch: false };

/** What kustomizations make of the open documents. */
export class KustomizedDocuments {
  readonly #placeOf: (uri: string) => Located | undefined;
  /** As of the last pause. */
  readonly #known = new Map<string, KustomizedAs>();
  /** The same by a look beside the document, for as long as its folder is not read. */
  readonly #mayBeListed = new Map<string, boolean>();

  constructor(placeOf: (uri: string) => Located | undefined) {
    this.#placeOf = placeOf;
  }

  forget(uri: string): void {
    this.#known.delete(uri);
    this.#mayBeListed.delete(uri);
  }

  /** The typist pauses: looks again, and gives whether anything is another way now. */
  update(): boolean {
    let changed = false;
    for (const [uri, before] of this.#known) {
      const now = this.#look(uri);
      changed ||= now.listed !== before.listed || now.patch !== before.patch;
      this.#known.set(uri, now);
    }
    return changed;
  }

  /** Has to be waited for before a document is judged: whether a kustomization may list it, while the index is made. */
  async look(uri: string): Promise<void> {
    const place = this.#placeOf(uri);
    if (!place || place.folder.complete || this.#mayBeListed.has(uri)) return;
    this.#mayBeListed.set(uri, await place.folder.mayBeKustomized(place.path));
    // Somebody may have asked meanwhile.
    this.#known.delete(uri);
  }

  of(uri: string): KustomizedAs {
    let known = this.#known.get(uri);
    if (known === undefined) {
      known = this.#look(uri);
      this.#known.set(uri, known);
    }
    return known;
  }

  /** It is known to be a patch. */
  isPatch(uri: string): boolean {
    return this.#placeOf(uri)?.folder.complete === true && this.of(uri).patch;
  }

  /** Until it is known it is taken for listed, and for a patch: what the rules say is then the milder. */
  #look(uri: string): KustomizedAs {
    const place = this.#placeOf(uri);
    if (!place) return NOT;
    const { folder, path } = place;
    if (folder.complete) return { listed: folder.index.isKustomized(path), patch: folder.index.isPatch(path) };
    const mayBe = this.#mayBeListed.get(uri) ?? true;
    return { listed: mayBe, patch: mayBe };
  }
}
