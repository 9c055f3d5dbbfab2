import type { Picture } from '../../timeline/layout.ts';
import { barTexts, stateWords } from '../../timeline/words.ts';
import { element } from '../element.ts';
import { Keyed, say } from './svg.ts';

const HEADS = ['Phase', 'Wave', 'Object', 'Kind', 'State', 'Time', 'Critical path', 'Then'];

class RowPart {
  readonly root = element('tr', {}, []);
  readonly cells = HEADS.map((_, i) => element(i === 2 ? 'th' : 'td', i === 2 ? { scope: 'row' } : {}, []));

  constructor() {
    this.root.append(...this.cells);
  }
}

/** The same as the picture, as a table: for screen readers, and for whoever would rather read. */
export class Table {
  readonly #caption = element('caption', {}, []);
  readonly #body = element('tbody', {}, []);
  readonly root = element('table', {}, [
    this.#caption,
    element('thead', {}, [
      element(
        'tr',
        {},
        HEADS.map((head) => element('th', { scope: 'col' }, [head])),
      ),
    ]),
    this.#body,
  ]);
  readonly #rows = new Keyed(this.#body, () => new RowPart());

  draw(picture: Picture, caption: string): void {
    say(this.#caption, caption);
    this.#rows.parts(picture.bars.map(({ id }) => id)).forEach((part, i) => {
      const bar = picture.bars[i];
      if (!bar) return;
      const column = picture.columns[bar.column];
      const gate = picture.gates[bar.column];
      const { name, kind, time } = barTexts(bar.times);
      const isLast = picture.bars[i + 1]?.column !== bar.column;
      const texts = [
        picture.lanes[bar.lane]?.lane.phase ?? '',
        column?.title ?? '',
        name,
        kind.replace('⚓ ', 'hook, '),
        stateWords(bar.state),
        time,
        bar.critical ? 'yes' : '',
        isLast ? (gate?.view.text ?? '') : '',
      ];
      part.cells.forEach((cell, at) => say(cell, texts[at] ?? ''));
    });
  }
}
