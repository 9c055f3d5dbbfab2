import type { PlanNode } from './node.ts';

/**
 * One row as VS Code knows it: the same object for as long as the row is there, so that a change is told of this row
 * alone. What it shows is its node's.
 */
export class Row {
  node: PlanNode;
  /** The node that it had when it was last looked at: where it still has it, nothing below it is another one. */
  seen: PlanNode | undefined;
  readonly parent: Row | undefined;
  /** The rows below that VS Code was given; undefined where it has not asked, or will ask again. */
  children: Row[] | undefined;
  face: string | undefined;

  constructor(node: PlanNode, parent: Row | undefined) {
    this.node = node;
    this.parent = parent;
  }
}

/** More changed rows than these below one row are told as that row. */
const MANY = 200;

/** The rows that VS Code holds, kept in step with the nodes of the newest plan. */
export class Rows {
  #roots: Row[] = [];
  readonly #isFolded: (node: PlanNode) => boolean;

  /** @param isFolded nobody sees what is below the row now */
  constructor(isFolded: (node: PlanNode) => boolean) {
    this.#isFolded = isFolded;
  }

  get roots(): readonly Row[] {
    return this.#roots;
  }

  /**
   * Takes the newest nodes. Gives the rows that have to be drawn anew; undefined: all. Only rows that VS Code was given
   * are compared, and nothing below a folded one: it is asked for again when it is opened.
   */
  update(nodes: readonly PlanNode[]): readonly Row[] | undefined {
    const before = this.#roots;
    this.#roots = matched(before, nodes, undefined);
    if (!sameRows(before, this.#roots)) return undefined;
    const changed: Row[] = [];
    for (const row of this.#roots) this.#compare(row, changed);
    return changed;
  }

  #compare(row: Row, changed: Row[]): void {
    const { node, children } = row;
    if (row.seen === node) return;
    row.seen = node;
    const other = row.face !== undefined && row.face !== node.face;
    if (row.face !== undefined) row.face = node.face;
    if (!children) {
      if (other) changed.push(row);
      return;
    }
    if (this.#isFolded(node) || node.children === undefined) {
      row.children = undefined;
      changed.push(row);
      return;
    }
    row.children = matched(children, node.children, row);
    if (other || !sameRows(children, row.children)) {
      // VS Code asks for everything below it, too.
      changed.push(row);
      return;
    }
    const below: Row[] = [];
    for (const child of row.children) this.#compare(child, below);
    changed.push(...(below.length > MANY ? [row] : below));
  }

  /** The rows below one, or the outermost ones, as they are given to VS Code. */
  children(row: Row | undefined): Row[] {
    if (!row) return [...this.#roots];
    row.children = matched(row.children ?? [], row.node.children ?? [], row);
    return [...row.children];
  }

  /** The row of an id, with those above it; they are made where VS Code has not asked for them yet. */
  find(id: string): Row | undefined {
    let rows: readonly Row[] = this.#roots;
    for (;;) {
      const next = rows.find(({ node }) => node.id === id || id.startsWith(`${node.id} `));
      if (!next || next.node.id === id) return next;
      next.children ??= matched([], next.node.children ?? [], next);
      rows = next.children;
    }
  }
}

/** One row for each node: the one that is there already, or a new one. */
function matched(rows: readonly Row[], nodes: readonly PlanNode[], parent: Row | undefined): Row[] {
  const known = new Map(rows.map((row) => [row.node.id, row]));
  return nodes.map((node) => {
    const row = known.get(node.id);
    if (!row) return new Row(node, parent);
    row.node = node;
    return row;
  });
}

const sameRows = (a: readonly Row[], b: readonly Row[]): boolean =>
  a.length === b.length && a.every((row, i) => row === b[i]);
