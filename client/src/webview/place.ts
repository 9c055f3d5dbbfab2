/**
 * Draws the page anew and leaves everything where it was: focus, what is scrolled, and what is folded out. Elements are
 * known again by their id.
 */
export function keepingPlace(draw: () => void): void {
  const focused = document.activeElement?.id ?? '';
  const { scrollX, scrollY } = window;
  const opened = [...document.querySelectorAll<HTMLDetailsElement>('details[id]')].filter(({ open }) => open);
  const scrolled = [...document.querySelectorAll('[id]')].flatMap(({ id, scrollTop: top }) =>
    top > 0 ? [{ id, top }] : [],
  );
  const fields = [...document.querySelectorAll<HTMLInputElement>('input[id$="-filter"]')];
  draw();
  for (const { id } of opened) document.getElementById(id)?.setAttribute('open', '');
  for (const { id, value } of fields) {
    const field = document.getElementById(id);
    if (!(field instanceof HTMLInputElement) || value === '') continue;
    field.value = value;
    field.dispatchEvent(new Event('input'));
  }
  for (const { id, top } of scrolled) document.getElementById(id)?.scrollTo({ top });
  window.scrollTo(scrollX, scrollY);
  if (focused !== '') document.getElementById(focused)?.focus({ preventScroll: true });
}
