import type { Picture } from './layout.ts';

/** What stands in a column from top to bottom: its bars, then its gate. */
const stops = (picture: Picture, column: number): string[] => [
  ...picture.bars.filter((bar) => bar.column === column).map(({ id }) => id),
  ...picture.gates.filter((gate) => gate.column === column).map(({ id }) => id),
];

const columnOf = (picture: Picture, id: string): number =>
  [...picture.bars, ...picture.gates].find((one) => one.id === id)?.column ?? 0;

/** Where a key leads from a bar or a gate; undefined for any other key. Columns follow each other in the order of the run. */
export function moved(picture: Picture, from: string, key: string): string | undefined {
  const column = columnOf(picture, from);
  const own = stops(picture, column);
  const at = Math.max(0, own.indexOf(from));
  const beside = (other: number): string[] => stops(picture, other);
  switch (key) {
    case 'ArrowDown':
      return own[at + 1] ?? beside(column + 1)[0] ?? from;
    case 'ArrowUp':
      return own[at - 1] ?? beside(column - 1).at(-1) ?? from;
    case 'ArrowRight': {
      const next = beside(column + 1);
      return next[Math.min(at, next.length - 1)] ?? from;
    }
    case 'ArrowLeft': {
      const next = beside(column - 1);
      return next[Math.min(at, next.length - 1)] ?? from;
    }
    case 'Home':
      return beside(0)[0] ?? from;
    case 'End':
      return beside(picture.columns.length - 1).at(-1) ?? from;
    default:
      return undefined;
  }
}
