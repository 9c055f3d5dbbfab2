import { EVENT_ID, type Event } from 'js-yaml';

/** Why a document is not read whose aliases, written out, would make it many times as large. */
export const EXCESSIVE_ALIASING =
  'the document contains excessive aliasing: nearly all of it would be copies that its aliases (*…) make';

/** Nodes up to which 99 of 100 may come from aliases, and from which on 10 may. */
const SMALL = 400_000;
const LARGE = 4_000_000;

/**
 * Counts the nodes of a document as they are decoded, with those that come from aliases, by the rule of Argo CD's
 * reader: so a few hundred bytes cannot stand for millions of nodes.
 * Source: goyaml.v2/decode.go `unmarshal`, `allowedAliasRatio`.
 */
export class AliasCount {
  #decoded = 0;
  #aliased = 0;

  /** Nodes decoded so far. What a node counts for is the difference before and after it. */
  get decoded(): number {
    return this.#decoded;
  }

  /** A node that is written here: a scalar, list, map or alias. */
  add(): void {
    this.#decoded++;
  }

  /**
   * An alias, which stands for so many nodes. False where that is more than a document may have: the count is then as
   * before, and nothing may be copied.
   */
  addAlias(nodes: number): boolean {
    const decoded = this.#decoded + 1 + nodes;
    const aliased = this.#aliased + nodes;
    if (aliased > 100 && decoded > 1000 && aliased / decoded > allowedRatio(decoded)) return false;
    this.#decoded = decoded;
    this.#aliased = aliased;
    return true;
  }
}

function allowedRatio(decoded: number): number {
  if (decoded <= SMALL) return 0.99;
  return decoded >= LARGE ? 0.1 : 0.99 - 0.89 * ((decoded - SMALL) / (LARGE - SMALL));
}

/** The place of the first alias that makes the aliasing of a document excessive, by its events; undefined: there is none. */
export function excessiveAlias(events: readonly Event[], source: string): number | undefined {
  const count = new AliasCount();
  const sizes = new Map<string, number>();
  const open: { readonly anchor: string; readonly before: number }[] = [];
  for (const event of events) {
    if (event.type === EVENT_ID.POP) {
      const node = open.pop();
      if (node && node.anchor !== '') sizes.set(node.anchor, count.decoded - node.before);
      continue;
    }
    if (event.type === EVENT_ID.DOCUMENT) {
      open.push({ anchor: '', before: 0 });
      continue;
    }
    const anchor = event.anchorStart < 0 ? '' : source.slice(event.anchorStart, event.anchorEnd);
    if (event.type === EVENT_ID.ALIAS) {
      if (!count.addAlias(sizes.get(anchor) ?? 0)) return event.anchorStart - 1;
      continue;
    }
    const before = count.decoded;
    count.add();
    if (event.type !== EVENT_ID.SCALAR) open.push({ anchor, before });
    else if (anchor !== '') sizes.set(anchor, 1);
  }
  return undefined;
}
