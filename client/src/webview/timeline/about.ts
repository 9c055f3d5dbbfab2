import type { Picture, PictureBar } from '../../timeline/layout.ts';
import { estimateWords } from '../../timeline/words.ts';
import { Tooltip } from './tooltip.ts';

/** The pointer rests this long before it is told what it is on, in milliseconds. */
const REST = 350;

interface Around {
  picture(): Picture | undefined;
  /** Asks for all that is known about a task; it comes to `answered`. */
  ask(id: string): void;
}

/** Tells what is known about the bar or gate under the pointer or the focus. */
export class About {
  readonly #tooltip = new Tooltip();
  readonly #around: Around;
  readonly #chart: HTMLElement;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #id = '';
  #known = '';

  constructor(chart: HTMLElement, around: Around) {
    this.#chart = chart;
    this.#around = around;
    chart.addEventListener('focusin', (event) => this.#show(ownerAt(event.target)));
    chart.addEventListener('focusout', () => this.hide());
    chart.addEventListener('pointerover', (event) => {
      const owner = ownerAt(event.target);
      if (!owner) return;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#show(owner), REST);
    });
    const leave = (): void => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#show(this.#focused()), REST);
    };
    chart.addEventListener('pointerleave', leave);
    // Who points at the text keeps it.
    this.root.addEventListener('pointerenter', () => clearTimeout(this.#timer));
    this.root.addEventListener('pointerleave', leave);
  }

  get root(): HTMLElement {
    return this.#tooltip.root;
  }

  hide(): void {
    clearTimeout(this.#timer);
    this.#id = '';
    this.#tooltip.hide();
  }

  /** What was asked for a task. */
  answered(id: string, text: string): void {
    if (id !== this.#id) return;
    this.#known = text;
    this.redraw();
  }

  /** The picture is another one. */
  redraw(): void {
    const owner = this.#owner();
    if (!owner) return;
    const texts = this.#texts();
    if (texts) this.#tooltip.show(owner, texts);
  }

  #focused(): Element | undefined {
    const active = document.activeElement;
    return active && this.#chart.contains(active) && active.matches(':focus-visible') ? ownerAt(active) : undefined;
  }

  #owner(): Element | undefined {
    if (this.#id === '') return undefined;
    return [...this.#chart.querySelectorAll('[data-id]')].find((one) => one.getAttribute('data-id') === this.#id);
  }

  #show(owner: Element | undefined): void {
    const id = owner?.getAttribute('data-id') ?? '';
    if (id === this.#id) return;
    this.hide();
    if (!owner) return;
    this.#id = id;
    this.#known = '';
    const bar = this.#around.picture()?.bars.find((one) => one.id === id);
    if (bar && !bar.times.folded) this.#around.ask(id);
    else this.redraw();
  }

  /** Undefined until it is known. */
  #texts(): readonly string[] | undefined {
    const picture = this.#around.picture();
    const bar = picture?.bars.find((one) => one.id === this.#id);
    if (bar) return bar.times.folded ? folded(bar) : this.#known === '' ? undefined : [this.#known, ...further(bar)];
    const gate = picture?.gates.find((one) => one.id === this.#id);
    const column = gate && picture?.columns[gate.column];
    if (!column) return undefined;
    const known = aboutGates(column.times.waves.map((wave) => wave.gate.about));
    const isAsPlanned = gate.view.state === 'planned' || gate.view.state === 'none';
    return isAsPlanned && known.length > 0 ? known : [`**${escaped(gate.view.text)}**`, ...known];
  }
}

const escaped = (text: string): string => text.replace(/[\\`*[\]$]/g, '\\$&');

/** So many sentences about a gate are shown at once. */
const SENTENCES = 12;

function aboutGates(abouts: readonly (readonly string[])[]): string[] {
  const all = abouts.flat();
  const more = all.length - SENTENCES;
  return more > 1 ? [...all.slice(0, SENTENCES), `And ${more} more.`] : all;
}

const ownerAt = (target: EventTarget | null): Element | undefined =>
  target instanceof Element ? (target.closest('[data-id]') ?? undefined) : undefined;

function further({ times, critical, state }: PictureBar): string[] {
  const [task] = times.tasks;
  const isOver = state === 'done' || state === 'deleted' || state === 'failed';
  return [
    ...(task && !isOver ? [estimateWords(task.estimate)] : []),
    ...(critical ? ['It is on the critical path: the sync is as long as the tasks on it.'] : []),
  ];
}

function folded({ times, name }: PictureBar): string[] {
  const shown = times.tasks.slice(0, 10).map((task) => `${task.kind} ${task.name}`);
  const more = times.tasks.length - shown.length;
  return [
    `**${name}**, folded. Press Enter or click to unfold or fold them.`,
    shown.map(escaped).join(', ') + (more > 0 ? ` and ${more} more` : ''),
  ];
}
