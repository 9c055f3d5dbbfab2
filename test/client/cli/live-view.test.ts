import { afterEach, expect, test } from 'vitest';
import type { RunEvent } from '../../../client/src/sync/events.ts';
import { LiveView } from '../../../client/src/cli/text/live.ts';
import { guide } from '../guide.ts';
import { sync, world } from '../simulated.ts';

/** A terminal that knows the two commands that are used: so many lines up, and clear what is below. */
class Screen {
  lines: string[] = [''];
  #row = 0;

  write(text: string): void {
    for (const part of text.split(/(\p{Cc}\[\d*[AJ]|\n)/u)) {
      const command = part.startsWith('\x1b[') ? part.slice(2) : '';
      if (command === '0J') this.lines = [...this.lines.slice(0, this.#row), ''];
      else if (command !== '') this.#row -= Number.parseInt(command, 10);
      else if (part === '\n') this.lines[++this.#row] ??= '';
      else this.lines[this.#row] += part;
    }
  }
}

const views: LiveView[] = [];
afterEach(() => views.splice(0).forEach((view) => view.close()));

function viewOn(screen: Screen, rows: number, columns: number): LiveView {
  const data = (text: string): void => screen.write(text);
  const view = new LiveView({ data, message: () => undefined, color: false, live: true, columns, rows }, () => 0);
  views.push(view);
  return view;
}

test('the tasks stay where they are, and their states change', async () => {
  const screen = new Screen();
  const view = viewOn(screen, 24, 120);
  const seen: string[] = [];
  const { events } = await sync(world(), guide());
  for (const event of events) {
    if (!view.show(event)) continue;
    seen.push(screen.lines[0] ?? '');
  }
  expect(screen.lines).toEqual([
    '✓ PreSync   0  Job/db-migration-job          Succeeded  15 s  Reached expected number of succeeded pods',
    '✓ Sync      0  Service/nginx                 Succeeded  0 s   service/nginx created',
    '✓ Sync      0  Deployment/nginx              Succeeded  1 s   deployment.apps/nginx created',
    '✓ PostSync  0  Job/app-slack-notification-…  Succeeded  2 s   Reached expected number of succeeded pods',
    '✓ PostSync  0  Job/cleanup-job               Succeeded  2 s   Reached expected number of succeeded pods',
    'successfully synced (no more tasks)',
    '',
  ]);
  expect(seen.some((line) => line.startsWith('· PreSync'))).toBe(true);
  expect(seen.some((line) => line.startsWith('● PreSync'))).toBe(true);
});

test('no line is wider than the terminal, and no more of them are drawn than it has', () => {
  const screen = new Screen();
  const view = viewOn(screen, 10, 100);
  const task = (i: number): RunEvent => ({
    type: 'task',
    time: '2026-11-26T03:00:00.000Z',
    task: `/ConfigMap/shop/${'x'.repeat(150)}${i}`,
    phase: 'Sync',
    wave: 0,
    status: 'Synced',
    hookPhase: 'Running',
    message: 'y'.repeat(300),
  });
  for (let i = 0; i < 50; i++) view.show(task(i));
  expect(screen.lines.length).toBeLessThanOrEqual(10);
  expect(Math.max(...screen.lines.map((line) => line.length))).toBeLessThan(100);
});
