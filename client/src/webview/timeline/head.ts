import { isMoving, tasksOf, type Timeline } from '../../timeline/model.ts';
import type { Picture } from '../../timeline/layout.ts';
import { sourceWords, timeOf } from '../../timeline/words.ts';
import { element } from '../element.ts';
import { legend } from './legend.ts';
import { say } from './svg.ts';

interface Asked {
  table(on: boolean): void;
  save(): void;
  /** The deletion in place of the sync. */
  deletion(on: boolean): void;
}

/** A screen reader is told what happens at most so often, in milliseconds. */
const QUIET = 2000;

/** What stands above the picture: which application, how it stands, what the signs mean. */
export class Head {
  /** Told to screen readers as it changes; nobody sees it. */
  readonly spoken = element('p', { class: 'for-ears', 'aria-live': 'polite' }, []);
  readonly #name = element('span', {}, []);
  readonly #where = element('span', { class: 'where' }, []);
  readonly #status = element('p', { class: 'status' }, []);
  readonly #line = element('span', {}, []);
  readonly #critical = element('span', { class: 'critical-words' }, []);
  readonly #table = element('button', { type: 'button', 'aria-pressed': 'false' }, ['Table']);
  readonly #deletion = element('button', { type: 'button', 'aria-pressed': 'false' }, ['Deletion']);
  readonly root: HTMLElement;
  #told = -Infinity;

  constructor(asked: Asked) {
    const save = element('button', { type: 'button' }, ['Save as SVG…']);
    this.#table.addEventListener('click', () => asked.table(this.#table.getAttribute('aria-pressed') !== 'true'));
    save.addEventListener('click', () => asked.save());
    this.#deletion.title = 'What happens when the application is deleted';
    this.#deletion.addEventListener('click', () =>
      asked.deletion(this.#deletion.getAttribute('aria-pressed') !== 'true'),
    );
    this.#status.append(this.#line, this.#critical);
    this.root = element('header', {}, [
      element('div', { class: 'top' }, [
        element('h1', {}, [this.#name, ' ', this.#where]),
        element('div', { class: 'tools', role: 'toolbar', 'aria-label': 'Timeline' }, [
          this.#deletion,
          this.#table,
          save,
        ]),
      ]),
      this.#status,
      legend(),
    ]);
  }

  draw(timeline: Timeline, picture: Picture, now: number | undefined, isTable: boolean): void {
    const { run } = timeline;
    say(this.#name, timeline.deletes ? `Deletion of ${timeline.application}` : timeline.application);
    say(this.#where, timeline.where);
    const line = lineOf(timeline, now);
    say(this.#line, line);
    say(this.#critical, criticalWords(picture));
    this.#status.className = `status ${run?.outcome ?? 'none'}`;
    this.#table.setAttribute('aria-pressed', String(isTable));
    this.#deletion.setAttribute('aria-pressed', String(timeline.deletes));
    this.root.classList.toggle('is-table', isTable);
    this.#tell(run?.line ?? '');
  }

  #tell(text: string): void {
    const at = performance.now();
    if (text === this.spoken.textContent || at - this.#told < QUIET) return;
    this.#told = at;
    this.spoken.textContent = text;
  }
}

/** How the run stands with the time that has passed, or where the durations come from. */
function lineOf(timeline: Timeline, now: number | undefined): string {
  const { run } = timeline;
  if (!run) return `Not running · ${sourceWords(tasksOf(timeline))}`;
  if (!isMoving(run) || run.startedAt === undefined || now === undefined) return run.line;
  return `${timeOf(Math.max(0, now - run.startedAt), true)} · ${run.line}`;
}

function criticalWords({ critical }: Picture): string {
  if (critical.tasks.length === 0) return '';
  return `critical path ${critical.estimated ? 'about ' : ''}${timeOf(critical.ms)}`;
}
