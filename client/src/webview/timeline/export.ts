/** What of the page's style a picture takes along, and what a picture has without it. */
const SHAPE: Readonly<Record<string, string>> = {
  fill: '',
  'fill-opacity': '1',
  stroke: 'none',
  'stroke-width': '1px',
  'stroke-opacity': '1',
  'stroke-dasharray': 'none',
  'stroke-linecap': 'butt',
  'paint-order': 'normal',
  opacity: '1',
};
const TEXT: Readonly<Record<string, string>> = {
  ...SHAPE,
  ...{ 'font-family': '', 'font-size': '', 'font-weight': '400' },
};
const GROUPS = new Set(['svg', 'g', 'defs', 'pattern']);
const FOR_PAGE = ['class', 'tabindex', 'role', 'data-id', 'aria-label', 'aria-roledescription', 'aria-describedby'];

/** `color(srgb 0.5 0 0)`, as browsers tell mixed colors, in the notation that every program reads. */
const plainColor = (value: string): string =>
  value.replace(/^color\(srgb ([\d.e-]+) ([\d.e-]+) ([\d.e-]+)(?: \/ [\d.]+)?\)$/, (_, ...parts: string[]) => {
    const numbers = parts.slice(0, 3).map((part) => Math.round(Number(part) * 255));
    return `rgb(${numbers.join(', ')})`;
  });

/** Writes the style of an element of the page as attributes of its copy. False: the page does not show it. */
function takeStyle(copy: Element, original: Element): boolean {
  const style = getComputedStyle(original);
  if (style.display === 'none') return false;
  const name = original.localName;
  if (GROUPS.has(name)) return true;
  const isUnstroked = style.stroke === 'none';
  for (const [property, usual] of Object.entries(name === 'text' || name === 'tspan' ? TEXT : SHAPE)) {
    const value = plainColor(style.getPropertyValue(property));
    if (value === usual || copy.hasAttribute(property) || (isUnstroked && property.startsWith('stroke'))) continue;
    copy.setAttribute(property, value);
  }
  return true;
}

/** The picture as a file of its own, in the colors that it has now. */
export function pictureOf(drawn: SVGSVGElement, title: string): string {
  const copy = drawn.cloneNode(true) as SVGSVGElement;
  const originals = [drawn, ...drawn.querySelectorAll('*')];
  const copies = [copy, ...copy.querySelectorAll('*')];
  const unseen = copies.filter((element, i) => {
    const original = originals[i];
    return original !== undefined && !takeStyle(element, original);
  });
  for (const element of [...unseen, ...copy.querySelectorAll('.hit')]) element.remove();
  // In the page the titles follow whoever moves the picture.
  copy.querySelector('.titles')?.removeAttribute('transform');
  for (const element of copies) for (const name of FOR_PAGE) element.removeAttribute(name);
  const ground = document.createElementNS(copy.namespaceURI, 'rect');
  const name = document.createElementNS(copy.namespaceURI, 'title');
  ground.setAttribute('width', '100%');
  ground.setAttribute('height', '100%');
  ground.setAttribute('fill', getComputedStyle(document.body).backgroundColor);
  name.textContent = title;
  copy.prepend(name, ground);
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return `${new XMLSerializer().serializeToString(copy)}\n`;
}
