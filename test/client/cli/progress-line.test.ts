import { expect, test } from 'vitest';
import { ProgressLine } from '../../../client/src/cli/progress-line.ts';
import { renderAll } from '../../../client/src/cli/rendering.ts';
import { openService, type Renderer } from '../../../server/src/service.ts';
import { manifest, MemoryFiles } from '../../workspace/memory-files.ts';

/** What stands on the line of a terminal after each write. */
function terminal(isTTY: boolean, columns = 40) {
  const seen: string[] = [];
  return {
    seen,
    stream: { isTTY, columns, write: (text: string) => void seen.push(text.replace(/^\r\p{Cc}\[2K/u, '')) },
  };
}

test('a line of progress is written again and again, cut off at the width of the terminal, and taken away', () => {
  const { seen, stream } = terminal(true, 12);
  const line = new ProgressLine(stream, 'xterm');
  line.show('1 of 2');
  line.show('1 of 2');
  line.show('2 of 2, and a long name');
  line.clear();
  line.clear();
  expect(seen).toEqual(['1 of 2', '2 of 2, and', '']);
});

test('nothing is written where nobody looks: a pipe, a file, a terminal that cannot redraw', () => {
  const piped = terminal(false);
  new ProgressLine(piped.stream, 'xterm').show('1 of 2');
  const dumb = terminal(true);
  new ProgressLine(dumb.stream, 'dumb').show('1 of 2');
  expect([...piped.seen, ...dumb.seen]).toEqual([]);
});

const CHARTS = Array.from({ length: 12 }, (_, i) => `charts/c${String(i).padStart(2, '0')}`);

test('rendering many charts tells how far it came, and holds the files of a few at a time', async () => {
  const files = new MemoryFiles(
    Object.fromEntries(
      CHARTS.flatMap((chart) => [
        [`${chart}/Chart.yaml`, 'apiVersion: v2\nname: c\nversion: 1.0.0\n'],
        [`${chart}/templates/a.yaml`, manifest('ConfigMap', 'a')],
      ]),
    ),
  );
  let running = 0;
  let most = 0;
  const renderer: Renderer = {
    network: false,
    render: async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 1));
      running--;
      return { kind: 'rendered', output: '' };
    },
    chart: async () => ({ kind: 'cancelled' }),
    entry: async () => undefined,
    read: async () => undefined,
    list: async () => [],
  };
  const service = await openService(files, [], { rootName: 'root', renderer });
  const { seen, stream } = terminal(true, 80);
  await renderAll(service, service.applications(), new ProgressLine(stream, 'xterm'));
  expect(seen[0]).toBe('Rendering charts and kustomizations: 0 of 12, charts/c00');
  expect(seen.at(-2)).toBe('Rendering charts and kustomizations: 12 of 12');
  expect(seen.at(-1)).toBe('');
  expect(most).toBe(8);
});
