import { hasHealthCheck } from '#core/health/kinds';
import type { PreflightRow, RunEvent } from '../../sync/events.ts';
import { harmless, styled, type Output } from '../output.ts';
import { durationText } from '../../sync/duration.ts';
import { signed } from '#core/plan/words';
import { aligned, fit, oneLine, wrapped } from './columns.ts';
import { stateStyle } from './run.ts';
import { briefly } from '../../text/brief.ts';
import { keyLabel } from '../../text/words.ts';

interface Row {
  readonly phase: string;
  readonly wave: number;
  readonly label: string;
  state: string;
  message: string;
  started: number | undefined;
  ended: number | undefined;
}

const SIGNS: Readonly<Record<string, string>> = {
  green: '✓',
  red: '✗',
  yellow: '●',
  reset: '·',
};

/** The tasks of a run, redrawn in place on a terminal. */
export class LiveView {
  readonly #output: Output;
  readonly #rows = new Map<string, Row>();
  readonly #now: () => number;
  readonly #timer: NodeJS.Timeout;
  /** What can be done about what takes long, by row. */
  readonly #advice = new Map<string, readonly string[]>();
  #status = '';
  #drawn = 0;

  /** @param now the clock by which the run goes, milliseconds */
  constructor(output: Output, now: () => number) {
    this.#output = output;
    this.#now = now;
    this.#timer = setInterval(() => this.#drawn > 0 && this.#draw(), REDRAW);
    this.#timer.unref();
  }

  /** Takes an event; true where it is shown by the list, false where it is to be printed. */
  show(event: RunEvent): boolean {
    switch (event.type) {
      case 'preflight':
        // Drawn from the first step on: until then the confirmation stands on the terminal.
        for (const row of event.preflight.rows) this.#rows.set(rowKey(row.task, row.phase), rowOf(row));
        return true;
      case 'task':
        this.#task(event);
        this.#draw();
        return true;
      case 'operation':
        this.#status = event.message;
        this.#draw();
        return true;
      case 'waiting':
        this.#waiting(event);
        this.#draw();
        return true;
      case 'write':
      case 'log':
        return true;
      case 'notice':
        // Printed whole, for it may hold an address; the list goes on below it.
        this.#drawn = 0;
        return false;
      case 'stuck':
      case 'unfinished':
      case 'result':
      case 'error':
        this.close();
        return false;
    }
  }

  /** The list stays as it was drawn last; what follows is printed below it. */
  close(): void {
    clearInterval(this.#timer);
    this.#drawn = 0;
  }

  #waiting({ task, phase, progress, reasons, advice }: Extract<RunEvent, { type: 'waiting' }>): void {
    const row = this.#rows.get(this.#find(task, phase));
    if (row) row.message = [progress, ...reasons].filter((part) => part !== '').join('; ');
    if (advice.length > 0) this.#advice.set(rowKey(task, phase), advice);
    else this.#advice.delete(rowKey(task, phase));
  }

  #task(event: Extract<RunEvent, { type: 'task' }>): void {
    const key = this.#find(event.task, event.phase);
    const row = this.#rows.get(key) ?? rowOf(event);
    const at = Date.parse(event.time);
    const state = event.hookPhase || event.status;
    const isRunning = state === 'Running' && (event.phase === 'Delete' || isAwaited(event.task));
    if (isRunning && row.state !== 'Running') row.started = at;
    row.started ??= at;
    row.ended = isRunning ? undefined : (row.ended ?? at);
    row.state = isRunning || state !== 'Running' ? state : event.status;
    row.message = event.message;
    this.#rows.set(key, row);
    if (!isRunning) this.#advice.delete(rowKey(event.task, event.phase));
  }

  /** A generated name stands in the list as its prefix. */
  #find(task: string, phase: string): string {
    const exact = rowKey(task, phase);
    if (this.#rows.has(exact)) return exact;
    for (const key of this.#rows.keys()) if (key.endsWith('…') && exact.startsWith(key.slice(0, -1))) return key;
    return exact;
  }

  #draw(): void {
    const { rows, columns } = this.#output;
    const all = [...this.#rows.values()];
    const texts = new Set([...this.#advice.values()].flat());
    const advice = [...texts]
      .flatMap((text) => wrapped(harmless(oneLine(text)), columns - 3))
      .slice(0, Math.max(0, rows - 6));
    const room = Math.max(3, rows - 3 - advice.length);
    const active = all.findIndex((row) => row.ended === undefined);
    const first = all.length <= room ? 0 : Math.max(0, Math.min(all.length - room, active - 2));
    const shown = all.slice(first, first + room);
    const lines = aligned(shown.map((row) => cells(row, this.#now()))).map((line, i) =>
      this.#line(line, columns, shown[i]?.state ?? ''),
    );
    lines.push(fit(harmless(oneLine(briefly(this.#status))), columns - 1));
    lines.push(...advice.map((line) => styled(this.#output, 'yellow', `  ${line}`)));
    const up = this.#drawn > 0 ? `\x1b[${this.#drawn}A\x1b[0J` : '';
    this.#output.data(`${up}${lines.join('\n')}\n`);
    this.#drawn = lines.length;
  }

  #line(line: string, columns: number, state: string): string {
    const style = stateStyle(state);
    return styled(this.#output, style, fit(`${SIGNS[style] ?? '·'} ${harmless(line)}`, columns - 1));
  }
}

/** Milliseconds between two drawings while nothing happens. */
const REDRAW = 1000;

const rowKey = (task: string, phase: string): string => `${phase} ${task}`;

const rowOf = ({ task, phase, wave }: Pick<PreflightRow, 'task' | 'phase' | 'wave'>): Row => ({
  phase,
  wave,
  label: keyLabel(task),
  state: '',
  message: '',
  started: undefined,
  ended: undefined,
});

/** Kinds without a health check are done as soon as they are applied. */
function isAwaited(task: string): boolean {
  const [group = '', kind = ''] = task.split('/');
  return hasHealthCheck({ group, kind });
}

function cells({ phase, wave, label, state, message, started, ended }: Row, now: number): string[] {
  const took = started === undefined ? '' : durationText(Math.max(0, (ended ?? now) - started));
  return [phase, signed(wave), label, state, took, oneLine(briefly(message))];
}
