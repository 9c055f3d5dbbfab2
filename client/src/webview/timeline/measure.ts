import type { Measure } from '../../timeline/fitting.ts';

/** Size of the small font beside the page's. */
const SMALL = 0.9;

export interface Measuring extends Measure {
  /** The font may be another one now. */
  forget(): void;
}

/** Measures texts in the font of an element. Widths are kept: the same names are drawn again and again. */
export function measureIn(element: Element): Measuring {
  const canvas = document.createElement('canvas').getContext('2d');
  const widths = new Map<string, number>();
  const fonts = (): { readonly normal: string; readonly small: string } => {
    const { fontFamily, fontSize } = getComputedStyle(element);
    const size = Number.parseFloat(fontSize);
    return { normal: `${size}px ${fontFamily}`, small: `${size * SMALL}px ${fontFamily}` };
  };
  let font = fonts();
  const measure = (text: string, small = false): number => {
    const key = `${small ? 's' : 'n'}${text}`;
    const known = widths.get(key);
    if (known !== undefined) return known;
    if (!canvas) return text.length * 7;
    canvas.font = small ? font.small : font.normal;
    const { width } = canvas.measureText(text);
    if (widths.size > 20_000) widths.clear();
    widths.set(key, width);
    return width;
  };
  return Object.assign(measure, {
    forget(): void {
      font = fonts();
      widths.clear();
    },
  });
}
