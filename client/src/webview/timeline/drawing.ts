import { GATE_LINES, SIZE, type Picture, type PictureBar, type PictureGate } from '../../timeline/layout.ts';
import { durationText } from '../../sync/duration.ts';
import { spokenBar } from '../../timeline/words.ts';
import { BarPart } from './bar.ts';
import { criticalLine } from './path.ts';
import { Keyed, px, say, set, svg } from './svg.ts';

const hatch = (id: string): SVGPatternElement =>
  svg('pattern', { id, width: 6, height: 6, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' }, [
    svg('rect', { class: `${id}-ground`, width: 6, height: 6 }),
    svg('rect', { class: `${id}-line`, width: 2, height: 6 }),
  ]);

class ColumnPart {
  readonly root = svg('g', { class: 'column' });
  readonly ground = svg('rect', { class: 'ground', rx: 4 });
  readonly title = svg('text', { class: 'wave' });
  readonly time = svg('text', { class: 'time', 'text-anchor': 'end' });

  constructor() {
    this.root.append(this.ground, this.title, this.time);
  }
}

class GatePart {
  readonly root = svg('g', { role: 'img', tabindex: '-1' });
  readonly hit = svg('rect', { class: 'hit', rx: 4 });
  readonly line = svg('path', { class: 'line' });
  readonly sign = svg('path', { class: 'sign' });
  readonly texts = Array.from({ length: GATE_LINES }, () => svg('text'));

  constructor() {
    this.root.append(this.hit, this.line, this.sign, ...this.texts);
  }
}

class LanePart {
  readonly root = svg('g', { class: 'lane' });
  readonly edge = svg('path', { class: 'edge' });
  readonly title = svg('tspan', { class: 'phase' });
  readonly meaning = svg('tspan', { class: 'meaning', dx: 14 });
  readonly text = svg('text', {}, [this.title, this.meaning]);

  constructor() {
    this.root.append(this.edge, this.text);
  }
}

/** An hourglass while it is waited, an open ring where nothing is. */
const GATE_SIGNS: Readonly<Record<PictureGate['view']['state'], string>> = {
  planned: 'M3 1.5h6M3 10.5h6M4 1.5c0 3 4 3 4 4.5s-4 1.5-4 4.5M8 1.5c0 3-4 3-4 4.5s4 1.5 4 4.5',
  closed: 'M3 1.5h6M3 10.5h6M4 1.5c0 3 4 3 4 4.5s-4 1.5-4 4.5M8 1.5c0 3-4 3-4 4.5s4 1.5 4 4.5',
  open: 'M1.8 6.4 4.8 9.4 10.4 2.8',
  shut: 'M2.2 2.2 9.8 9.8M9.8 2.2 2.2 9.8',
  none: 'M2 6h7M6.5 3.2 9.3 6 6.5 8.8',
};

/** The picture in the page: it is drawn as often as something moves, and touches what became different. */
export class Drawing {
  readonly root = svg('svg', { role: 'group', 'aria-roledescription': 'timeline' });
  readonly #titles = svg('g', { class: 'titles' });
  readonly #path = svg('path', { class: 'critical-path' });
  readonly #columns: Keyed<ColumnPart>;
  readonly #gates: Keyed<GatePart>;
  readonly #bars: Keyed<BarPart>;
  readonly #lanes: Keyed<LanePart>;
  readonly #ruler = svg('g', { class: 'ruler', 'aria-hidden': 'true' });
  readonly #rulerLine = svg('path');
  readonly #rulerText = svg('text', { 'text-anchor': 'middle' });

  constructor() {
    const columns = svg('g', { 'aria-hidden': 'true' });
    // One group: gates and bars follow each other as they are read.
    const gates = svg('g');
    const bars = svg('g');
    this.#columns = new Keyed(columns, () => new ColumnPart());
    this.#gates = new Keyed(gates, () => new GatePart());
    this.#bars = new Keyed(bars, () => new BarPart());
    this.#lanes = new Keyed(this.#titles, () => new LanePart());
    this.#ruler.append(this.#rulerLine, this.#rulerText);
    const defs = svg('defs', {}, [hatch('hatch'), hatch('hatch-critical')]);
    this.root.append(defs, columns, this.#path, bars, gates, this.#titles, this.#ruler);
  }

  draw(picture: Picture, label: string, left: number): void {
    const height = picture.height + (picture.ruler ? 30 : 4);
    set(this.root, { width: px(picture.width), height: px(height), 'aria-label': label });
    this.#drawColumns(picture);
    this.#drawLanes(picture, left);
    set(this.#path, { d: criticalLine(picture) });
    this.#bars.parts(picture.bars.map(({ id }) => id)).forEach((part, i) => {
      const bar = picture.bars[i];
      const column = bar && picture.columns[bar.column];
      if (bar && column) part.draw(bar, column, spokenOf(picture, bar));
    });
    this.#drawGates(picture);
    this.#drawRuler(picture, left);
  }

  #drawColumns(picture: Picture): void {
    this.#columns.parts(picture.columns.map(({ id }) => id)).forEach((part, i) => {
      const column = picture.columns[i];
      const lane = column && picture.lanes[column.lane];
      if (!lane) return;
      const { x, y, width } = column;
      const bottom = lane.y + lane.height - SIZE.padding / 2;
      set(part.ground, { x: px(x + 1), y: px(y), width: px(width - 2), height: px(bottom - y) });
      set(part.title, { x: px(x + SIZE.padding), y: px(y + 16) });
      say(part.title, column.title);
      set(part.time, { x: px(x + width - SIZE.padding), y: px(y + 16) });
      say(part.time, column.time);
    });
  }

  /** The titles stay in sight when the picture is moved. */
  #drawLanes(picture: Picture, left: number): void {
    set(this.#titles, { transform: `translate(${px(left)} 0)` });
    this.#lanes.parts(picture.lanes.map(({ lane }) => lane.phase)).forEach((part, i) => {
      const one = picture.lanes[i];
      if (!one) return;
      set(part.edge, { d: i === 0 ? '' : `M0 ${px(one.y + 0.5)}H${px(picture.width)}` });
      set(part.text, { x: px(SIZE.padding), y: px(one.y + 20) });
      say(part.title, one.lane.title);
      say(part.meaning, one.lane.meaning);
    });
  }

  #drawGates(picture: Picture): void {
    this.#gates.parts(picture.gates.map(({ id }) => id)).forEach((part, i) => {
      const gate = picture.gates[i];
      const column = gate && picture.columns[gate.column];
      if (!gate || !column) return;
      const { view, lines, textX, textY } = gate;
      const words = `Gate after ${column.title.replace('−', 'minus ')}: ${view.text}`;
      set(part.root, { class: `gate ${view.state}`, 'data-id': gate.id, 'aria-label': words });
      const box = { x: px(textX - 6), y: px(textY - 1), width: px(column.width - SIZE.padding) };
      set(part.hit, { ...box, height: px(lines.length * SIZE.gateLine + 5) });
      set(part.line, { d: `M${px(gate.x)} ${px(gate.top)}V${px(gate.bottom - SIZE.padding / 2)}` });
      set(part.sign, { d: GATE_SIGNS[view.state], transform: `translate(${px(textX)} ${px(textY + 1)})` });
      part.texts.forEach((text, line) => {
        set(text, { x: px(textX + SIZE.icon), y: px(textY + 11 + line * SIZE.gateLine) });
        say(text, lines[line] ?? '');
      });
    });
  }

  #drawRuler({ ruler, height }: Picture, left: number): void {
    set(this.#ruler, {
      display: ruler ? undefined : 'none',
      transform: `translate(${px(left + SIZE.padding)} ${px(height + 8)})`,
    });
    if (!ruler) return;
    set(this.#rulerLine, { d: `M.5 0v8M.5 4H${px(ruler.width)}M${px(ruler.width)} 0v8` });
    set(this.#rulerText, { x: px(ruler.width / 2), y: '19' });
    say(this.#rulerText, durationText(ruler.ms));
  }
}

function spokenOf(picture: Picture, bar: PictureBar): string {
  const column = picture.columns[bar.column]?.title ?? '';
  const phase = picture.lanes[bar.lane]?.lane.phase ?? '';
  return spokenBar(bar.times, column, phase, bar.critical);
}
