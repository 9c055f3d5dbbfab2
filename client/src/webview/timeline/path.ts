import { SIZE, type Picture } from '../../timeline/layout.ts';
import { px } from './svg.ts';

/** The line that leads from each bar of the critical path through the gates to the next one. */
export function criticalLine({ bars, columns }: Picture): string {
  const onPath = bars.filter(({ critical }) => critical);
  const lines = onPath.slice(1).flatMap((next, i) => {
    const from = onPath[i];
    const column = from && columns[from.column];
    if (!column || from.column === next.column) return [];
    // Beside the gate, which stays to be seen.
    const gate = column.x + column.width + SIZE.padding / 2;
    const [y, to] = [from.y + SIZE.bar, next.y + SIZE.bar];
    const end = from.x + Math.max(from.width + from.restWidth, 3);
    return [`M${px(end)} ${px(y)}H${px(gate)}V${px(to)}H${px(next.x)}`];
  });
  return lines.join('');
}
