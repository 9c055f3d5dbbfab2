import type { Folder } from './folder.ts';

/** Where a document lies. */
interface Place {
  readonly folder: Folder;
  readonly path: string;
}

/** Which open documents a kustomization lists: what a rule says of those is milder. */
export class KustomizedDocuments {
  readonly #placeOf: (uri: string) => Place | undefined;
  /** As of the last pause. */
  readonly #listed = new Map<string, boolean>();
  /** The same by a look beside the document, for as long as its folder is not read. */
  readonly #mayBeListed = new Map<string, boolean>();

  constructor(placeOf: (uri: string) => Place | undefined) {
    this.#placeOf = placeOf;
  }

  forget(uri: string): void {
    this.#listed.delete(uri);
    this.#mayBeListed.delete(uri);
  }

  /** The typist pauses: looks again, and gives whether anything is another way now. */
  update(): boolean {
    let changed = false;
    for (const [uri, before] of this.#listed) {
      const now = this.#isListed(uri);
      changed ||= now !== before;
      this.#listed.set(uri, now);
    }
    return changed;
  }

  /** Has to be waited for before a document is judged: whether a kustomization may list it, while the index is made. */
  async look(uri: string): Promise<void> {
    const place = this.#placeOf(uri);
    if (!place || place.folder.complete || this.#mayBeListed.has(uri)) return;
    this.#mayBeListed.set(uri, await place.folder.mayBeKustomized(place.path));
    // Somebody may have asked meanwhile.
    this.#listed.delete(uri);
  }

  isListed(uri: string): boolean {
    let known = this.#listed.get(uri);
    if (known === undefined) {
      known = this.#isListed(uri);
      this.#listed.set(uri, known);
    }
    return known;
  }

  /** Until it is known it is taken for listed: what a rule says is then the milder. */
  #isListed(uri: string): boolean {
    const place = this.#placeOf(uri);
    if (!place) return false;
    const { folder, path } = place;
    return folder.complete ? folder.index.isKustomized(path) : (this.#mayBeListed.get(uri) ?? true);
  }
}
