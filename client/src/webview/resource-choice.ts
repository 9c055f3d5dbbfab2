import type { SelectedResource } from '#core/sync/model';
import { element } from './element.ts';

/** From so many on they can be filtered. */
const MANY = 10;

const keyOf = ({ group = '', kind, namespace = '', name }: SelectedResource): string =>
  [group, kind, namespace, name].join('/');

const labelOf = ({ group = '', kind, namespace = '', name }: SelectedResource): string =>
  `${kind} ${name}${[namespace, group]
    .filter((part) => part !== '')
    .map((part) => ` · ${part}`)
    .join('')}`;

const NONE = 'Choose at least one resource, or sync the whole application.';

/**
 * Lets choose which resources are synced: all with the hooks, or some without.
 * @param chosen absent: everything
 * @param changed is given what is chosen (absent: everything), and why that cannot be synced
 */
export function resourceChoice(
  selectable: readonly SelectedResource[],
  chosen: readonly SelectedResource[] | undefined,
  changed: (chosen: readonly SelectedResource[] | undefined, problem: string) => void,
): HTMLElement {
  const picked = new Set(chosen?.map(keyOf));
  const whole = radio('resources-all', 'The whole application, with its hooks', chosen === undefined);
  const some = radio('resources-some', 'Only these resources, without hooks', chosen !== undefined);
  const count = element('span', { class: 'count', id: 'resources-count' }, []);
  const boxes = selectable.map((resource) => ({ resource, ...checkbox(resource, picked.has(keyOf(resource))) }));
  const list = element('div', { class: 'list', id: 'resources-list', role: 'group', 'aria-label': 'Resources' }, [
    ...boxes.map(({ line }) => line),
  ]);
  const filter = element(
    'input',
    { type: 'text', id: 'resources-filter', placeholder: 'Filter', 'aria-label': 'Filter the resources' },
    [],
  );
  const all = link('resources-pick-all', 'All');
  const none = link('resources-pick-none', 'None');
  const tools = element('div', { class: 'tools' }, [
    ...(selectable.length >= MANY ? [filter] : []),
    all,
    ' ',
    none,
    ' ',
    count,
  ]);
  const panel = element('div', { class: 'some' }, [tools, list]);
  const update = (): void => {
    const number = boxes.filter(({ box }) => box.checked).length;
    count.textContent = number === 0 ? NONE : `${number} of ${boxes.length} chosen`;
    panel.hidden = !some.input.checked;
  };
  const tell = (): void => {
    update();
    if (!some.input.checked) return changed(undefined, '');
    const chosenNow = boxes.filter(({ box }) => box.checked).map(({ resource }) => resource);
    changed(chosenNow, chosenNow.length === 0 ? NONE : '');
  };
  const check = (on: boolean): void => {
    for (const { box, line } of boxes) if (!line.hidden) box.checked = on;
    tell();
  };
  filter.addEventListener('input', () => {
    const words = filter.value.toLowerCase().split(/\s+/);
    for (const { line, resource } of boxes)
      line.hidden = !words.every((word) => labelOf(resource).toLowerCase().includes(word));
  });
  all.addEventListener('click', () => check(true));
  none.addEventListener('click', () => check(false));
  for (const { box } of boxes) box.addEventListener('change', tell);
  for (const { input } of [whole, some]) input.addEventListener('change', tell);
  update();
  return element('div', { class: 'resources', role: 'radiogroup', 'aria-label': 'What is synced' }, [
    whole.line,
    some.line,
    panel,
  ]);
}

function radio(
  id: string,
  label: string,
  on: boolean,
): { readonly input: HTMLInputElement; readonly line: HTMLElement } {
  const input = element('input', { type: 'radio', name: 'resources', id, ...(on ? { checked: '' } : {}) }, []);
  return {
    input,
    line: element('div', { class: 'option' }, [input, element('label', { for: id }, [label])]),
  };
}

function checkbox(
  resource: SelectedResource,
  on: boolean,
): { readonly box: HTMLInputElement; readonly line: HTMLElement } {
  const id = `resource-${keyOf(resource)}`;
  const box = element('input', { type: 'checkbox', id, ...(on ? { checked: '' } : {}) }, []);
  return { box, line: element('div', { class: 'option' }, [box, element('label', { for: id }, [labelOf(resource)])]) };
}

const link = (id: string, text: string): HTMLButtonElement =>
  element('button', { type: 'button', class: 'link', id }, [text]);
