import type { Annotation } from '../../core/annotations/catalogue.ts';
import { snippetText } from '../../core/patterns/pieces.ts';

/** A place to fill in that offers one of several texts, in which commas and bars mean something too. */
const choice = (texts: readonly string[]): string =>
  `\${1|${texts.map((text) => text.replace(/[\\$},|]/g, '\\$&')).join(',')}|}`;

const place = (text: string): string => `\${1:${snippetText(text)}}`;

/**
 * The value of an annotation as a snippet with one place to fill in: a choice of the values that it knows, the first
 * one chosen. Numbers, booleans and times are texts in annotations, so they come in quotes.
 * @param values in the order in which they are offered
 * @param quoted whether every text has to be quoted, as in JSON
 * @param now RFC 3339, for annotations that hold a time
 */
export function valueSnippet(
  { kind }: Annotation,
  values: readonly string[],
  { quoted, now }: { readonly quoted: boolean; readonly now: string },
): string {
  const inQuotes = (text: string): string => `"${text}"`;
  const [first] = values;
  const known = first === undefined ? '$1' : values.length === 1 ? place(first) : choice(values);
  switch (kind) {
    case 'list':
    case 'options':
    case 'text':
      return quoted ? inQuotes(known) : known;
    case 'boolean':
      return inQuotes(known);
    case 'integer':
      return inQuotes(place('1'));
    case 'timestamp':
      return inQuotes(place(now));
  }
}
