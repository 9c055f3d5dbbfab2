/** What of the page's style a picture takes along. */
const STYLES = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-opacity',
  'paint-order',
  'display',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
] as const;

const FOR_PAGE = ['class', 'tabindex', 'role', 'data-id', 'aria-label', 'aria-roledescription', 'aria-describedby'];

/** The picture as a file of its own, in the colors that it has now. */
export function pictureOf(drawn: SVGSVGElement, title: string): string {
  const copy = drawn.cloneNode(true) as SVGSVGElement;
  const originals = [drawn, ...drawn.querySelectorAll('*')];
  [copy, ...copy.querySelectorAll('*')].forEach((element, i) => {
    const original = originals[i];
    if (!original) return;
    const style = getComputedStyle(original);
    for (const name of STYLES) {
      const value = style.getPropertyValue(name);
      if (value !== '' && !element.hasAttribute(name)) element.setAttribute(name, value);
    }
  });
  for (const hidden of copy.querySelectorAll('.hit, [display="none"]')) hidden.remove();
  for (const element of [copy, ...copy.querySelectorAll('*')])
    for (const name of FOR_PAGE) element.removeAttribute(name);
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
