import { element } from '../element.ts';
import { svg } from './svg.ts';

const sample = (...parts: SVGElement[]): SVGSVGElement =>
  svg('svg', { width: 26, height: 12, 'aria-hidden': 'true' }, parts);

const bar = (attributes: Readonly<Record<string, string | number>>): SVGElement =>
  svg('rect', { x: 1, y: 2, width: 24, height: 8, rx: 2, ...attributes });

const group = (classes: string, ...parts: SVGElement[]): SVGElement => svg('g', { class: classes }, parts);

/** What the signs mean. */
export function legend(): HTMLElement {
  const entries: readonly (readonly [SVGElement, string])[] = [
    [group('bar done', bar({ class: 'solid' })), 'ran'],
    [group('bar planned', bar({ class: 'rest', fill: 'url(#hatch)' })), 'expected'],
    [group('bar done critical', bar({ class: 'solid' })), 'critical path'],
    [
      group(
        'bar failed',
        bar({ class: 'solid', width: 12 }),
        svg('path', { class: 'cross', d: 'M-4-4 4 4M4-4-4 4', transform: 'translate(20 6)' }),
      ),
      'failed',
    ],
    [group('bar not-reached', bar({ class: 'rest', fill: 'none' })), 'not reached'],
    [
      group(
        'bar planned',
        svg('path', { class: 'sign', d: 'M6 1.5 10.5 6 6 10.5 1.5 6z', transform: 'translate(7 0)' }),
      ),
      'not waited for',
    ],
    [group('gate planned', svg('path', { class: 'line', d: 'M13 0V12' })), 'gate'],
  ];
  const items = entries.map(([picture, text]) => element('li', {}, [sample(picture), text]));
  return element('ul', { class: 'legend', 'aria-label': 'What the signs mean' }, items);
}
