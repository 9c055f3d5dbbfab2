const SVG = 'http://www.w3.org/2000/svg';

/** Makes an element of SVG. Texts become text nodes. */
export function svg<K extends keyof SVGElementTagNameMap>(
  name: K,
  attributes: Readonly<Record<string, string | number>> = {},
  children: readonly (Node | string)[] = [],
): SVGElementTagNameMap[K] {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.append(...children);
  return made;
}

/** Pixels as the picture needs them. */
export const px = (n: number): string => String(Math.round(n * 10) / 10);

const written = new WeakMap<Element, Map<string, string>>();

/** Writes attributes that are not what they were; undefined takes one away. A picture that is drawn anew touches little. */
export function set(element: Element, attributes: Readonly<Record<string, string | undefined>>): void {
  let known = written.get(element);
  if (!known) written.set(element, (known = new Map<string, string>()));
  for (const [name, value] of Object.entries(attributes)) {
    if (known.get(name) === value) continue;
    if (value === undefined) {
      known.delete(name);
      element.removeAttribute(name);
    } else {
      known.set(name, value);
      element.setAttribute(name, value);
    }
  }
}

/** Writes a text that is not what it was. */
export function say(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** The elements of one kind, one for each key: kept from one drawing to the next, in order. */
export class Keyed<T extends { readonly root: Element }> {
  readonly #parent: Element;
  readonly #make: () => T;
  #parts = new Map<string, T>();

  constructor(parent: Element, make: () => T) {
    this.#parent = parent;
    this.#make = make;
  }

  /** The parts of these keys; those of others go. */
  parts(keys: readonly string[]): T[] {
    const parts = new Map(keys.map((key) => [key, this.#parts.get(key) ?? this.#make()]));
    for (const [key, part] of this.#parts) if (parts.get(key) !== part) part.root.remove();
    let after: Element | null = null;
    for (const { root } of parts.values()) {
      const next: Element | null = after ? after.nextElementSibling : this.#parent.firstElementChild;
      if (next !== root) this.#parent.insertBefore(root, next);
      after = root;
    }
    this.#parts = parts;
    return [...parts.values()];
  }
}
