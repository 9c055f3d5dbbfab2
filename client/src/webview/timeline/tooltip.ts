import { paragraphsOf } from '../../timeline/inline.ts';
import { element } from '../element.ts';

const GAP = 6;

/** What is known about the bar or gate under the pointer or the focus. It can be pointed at, and Escape takes it away. */
export class Tooltip {
  readonly root = element('div', { role: 'tooltip', id: 'about', hidden: '' }, []);
  #owner: Element | undefined;

  /** Whose text it shows; undefined where it shows none. */
  get owner(): Element | undefined {
    return this.#owner;
  }

  /** @param texts Markdown, paragraph after paragraph */
  show(owner: Element, texts: readonly string[]): void {
    const paragraphs = texts.flatMap((text) => paragraphsOf(text));
    if (paragraphs.length === 0) {
      this.hide();
      return;
    }
    if (this.#owner !== owner) this.#owner?.removeAttribute('aria-describedby');
    this.#owner = owner;
    owner.setAttribute('aria-describedby', 'about');
    this.root.replaceChildren(
      ...paragraphs.map((pieces) =>
        element(
          'p',
          {},
          pieces.map(({ text, style }) => (style === 'plain' ? text : element(style, {}, [text]))),
        ),
      ),
    );
    this.root.hidden = false;
    this.#place(owner);
  }

  hide(): void {
    this.#owner?.removeAttribute('aria-describedby');
    this.#owner = undefined;
    this.root.hidden = true;
  }

  /** Below its owner, above where there is no room, within the page in any case. */
  #place(owner: Element): void {
    const box = owner.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.root;
    const { clientWidth, clientHeight } = document.documentElement;
    const below = box.bottom + GAP;
    const top = below + height <= clientHeight ? below : Math.max(GAP, box.top - GAP - height);
    const left = Math.min(Math.max(GAP, box.left), Math.max(GAP, clientWidth - width - GAP));
    this.root.style.top = `${top}px`;
    this.root.style.left = `${left}px`;
  }
}
