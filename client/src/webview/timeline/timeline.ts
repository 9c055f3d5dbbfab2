import { withChange } from '../../timeline/change.ts';
import { layout, type Picture } from '../../timeline/layout.ts';
import { moved } from '../../timeline/keyboard.ts';
import { isMoving, tasksOf, type Timeline } from '../../timeline/model.ts';
import { headWords } from '../../timeline/words.ts';
import { element } from '../element.ts';
import { About } from './about.ts';
import { Clock } from './clock.ts';
import { Drawing } from './drawing.ts';
import { pictureOf } from './export.ts';
import { Following } from './following.ts';
import { Head } from './head.ts';
import { measureIn } from './measure.ts';
import type { FromTimeline, TimelineKept, ToTimeline } from './messages.ts';
import { Table } from './table.ts';
import './timeline.css';

declare function acquireVsCodeApi(): {
  postMessage(message: FromTimeline): void;
  getState(): TimelineKept | undefined;
  setState(state: TimelineKept): void;
};

const vscode = acquireVsCodeApi();

const clock = new Clock();
const measure = measureIn(document.body);
const drawing = new Drawing();
const table = new Table();
const head = new Head({
  table: (on) => {
    isTable = on;
    keep();
    soon();
  },
  deletion: (on) => vscode.postMessage({ type: 'deletion', on }),
  save: () =>
    vscode.postMessage({ type: 'save', svg: pictureOf(drawing.root, `Timeline of ${timeline?.application ?? ''}`) }),
});
const chart = element('div', { class: 'chart' }, [drawing.root]);
const reading = element('div', { class: 'reading' }, [table.root]);
const nothing = element('p', { class: 'nothing' }, []);
const about = new About(chart, {
  picture: () => picture,
  ask: (id) => vscode.postMessage({ type: 'about', id }),
});
const following = new Following(chart);
document.body.append(head.root, nothing, chart, reading, about.root, head.spoken);

let timeline: Timeline | undefined;
let picture: Picture | undefined;
let application = vscode.getState()?.application;
let isTable = vscode.getState()?.table ?? false;
const unfolded = new Set(vscode.getState()?.unfolded ?? []);

function keep(): void {
  if (application) vscode.setState({ application, unfolded: [...unfolded], table: isTable });
}

/** Id of the one bar or gate that the Tab key leads to. */
let current = '';

const elementOf = (id: string): SVGElement | undefined =>
  [...chart.querySelectorAll<SVGElement>('[data-id]')].find((one) => one.getAttribute('data-id') === id);

function makeCurrent(id: string, focus: boolean): void {
  elementOf(current)?.setAttribute('tabindex', '-1');
  const next = elementOf(id);
  if (!next) return;
  current = id;
  next.setAttribute('tabindex', '0');
  if (!focus) return;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

function draw(): void {
  if (!timeline) return;
  const width = chart.clientWidth;
  const now = clock.now();
  picture = layout(timeline, { width, now, unfolded, measure });
  drawing.draw(
    picture,
    `Timeline of ${timeline.application}. Arrow keys move, Enter opens the manifest.`,
    chart.scrollLeft,
  );
  head.draw(timeline, picture, now, isTable);
  chart.hidden = isTable;
  reading.classList.toggle('for-ears', !isTable);
  following.draw(timeline, picture);
  about.redraw();
  if (!elementOf(current)) makeCurrent(picture.bars[0]?.id ?? '', false);
}

let isAsked = false;
let lastTable = -Infinity;

/** Draws with the next frame of the screen; what comes until then is drawn together. */
function soon(): void {
  if (isAsked) return;
  isAsked = true;
  requestAnimationFrame((at) => {
    isAsked = false;
    draw();
    const rests = !isMoving(timeline?.run ?? null);
    // Nobody reads a table that changes with every frame.
    if (picture && timeline && (isTable || rests || at - lastTable > 1000)) {
      lastTable = at;
      table.draw(picture, `${timeline.application}: ${headWords(timeline, tasksOf(timeline))}`);
    }
    if (!rests) clock.next(soon);
  });
}

function onMessage(message: ToTimeline): void {
  switch (message.type) {
    case 'show':
      ({ timeline, application } = message);
      clock.set(timeline.run);
      keep();
      break;
    case 'change':
      if (!timeline) return;
      timeline = withChange(timeline, message.change);
      clock.set(timeline.run);
      break;
    case 'about':
      about.answered(message.id, message.text);
      return;
    case 'nothing':
      timeline = undefined;
      nothing.textContent = message.text;
  }
  document.body.classList.toggle('empty', timeline === undefined);
  soon();
}

/** Opens what a bar stands for: the manifest, or what is folded. */
function open(id: string): void {
  const bar = picture?.bars.find((one) => one.id === id);
  if (!bar) return;
  if (!bar.times.folded) {
    vscode.postMessage({ type: 'open', id });
    return;
  }
  const column = picture?.columns[bar.column]?.id ?? '';
  if (unfolded.has(column)) unfolded.delete(column);
  else unfolded.add(column);
  keep();
  soon();
}

const idAt = (target: EventTarget | null): string | null =>
  target instanceof Element ? (target.closest('[data-id]')?.getAttribute('data-id') ?? null) : null;

chart.addEventListener('click', (event) => {
  const id = idAt(event.target);
  if (id === null) return;
  makeCurrent(id, true);
  open(id);
});
chart.addEventListener('focusin', (event) => {
  const id = idAt(event.target);
  if (id !== null && id !== current) makeCurrent(id, false);
});
chart.addEventListener('keydown', (event) => {
  const id = idAt(event.target);
  if (id === null || !picture || event.ctrlKey || event.metaKey || event.altKey) return;
  const to = moved(picture, id, event.key);
  if (to !== undefined) makeCurrent(to, true);
  else if (event.key === 'Enter' || event.key === ' ') open(id);
  else return;
  event.preventDefault();
});
chart.addEventListener('scroll', soon);
window.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') about.hide();
});
window.addEventListener('message', (event: MessageEvent<ToTimeline>) => onMessage(event.data));
new ResizeObserver(soon).observe(chart);
new MutationObserver(() => {
  measure.forget();
  soon();
}).observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
vscode.postMessage({ type: 'ready' });
