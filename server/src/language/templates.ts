import type { Manifest, YamlDocument } from '../manifest/model.ts';
import { templatesIn, writesNothing } from '../manifest/template.ts';

/** How far behind the annotations a template is looked for. */
const REACH = 2_000;

/**
 * Whether a template stands as an entry of its own among a manifest's annotations, in front of the first or behind the
 * last: it may add annotations, or take some away. Templates within the value of an entry do not count.
 */
export function mayBringEntries(
  { text }: YamlDocument,
  { annotations, annotationsSpan, annotationsKeySpan }: Manifest,
): boolean {
  if (!annotationsSpan) return false;
  const start = annotationsKeySpan?.end ?? annotationsSpan.start;
  const behind = /^(?:[ \t]*(?:\{\{.*)?\r?\n)*[ \t]*\{\{/.test(
    text.slice(annotationsSpan.end, annotationsSpan.end + REACH),
  );
  if (behind) return true;
  const values = annotations.filter((entry) => entry.templated);
  return templatesIn(text.slice(start, annotationsSpan.end)).some((template) => {
    const at = { start: template.start + start, end: template.end + start };
    return !values.some(({ valueSpan }) => valueSpan.start <= at.start && at.end <= valueSpan.end);
  });
}

/**
 * The same for templates that write something: what stands between `if` and `end` is read like any other entry, and
 * these two add nothing to it.
 */
export function mayWriteEntries(
  { text }: YamlDocument,
  { annotations, annotationsSpan, annotationsKeySpan }: Manifest,
): boolean {
  if (!annotationsSpan) return false;
  const start = annotationsKeySpan?.end ?? annotationsSpan.start;
  const behind = /^(?:[ \t]*(?:\{\{.*)?\r?\n)*[ \t]*(?:\{\{.*)?/.exec(
    text.slice(annotationsSpan.end, annotationsSpan.end + REACH),
  );
  const stretch = text.slice(start, annotationsSpan.end + (behind?.[0].length ?? 0));
  return templatesIn(stretch).some((template) => {
    if (writesNothing(stretch.slice(template.start, template.end))) return false;
    const at = { start: template.start + start, end: template.end + start };
    return !annotations.some(
      ({ templated, valueSpan }) => templated && valueSpan.start <= at.start && at.end <= valueSpan.end,
    );
  });
}

/** How many columns a template that stands alone on its line indents what it writes. */
function indentOf(template: string, column: number): number {
  const told = /\bn?indent\s+(\d+)/.exec(template)?.[1];
  if (told === undefined) return column;
  return template.includes('nindent') ? Number(told) : column + Number(told);
}

/**
 * Whether a template alone on its line may write entries into a map of a manifest: one that indents no further than
 * the entries of the map do. `column` is where these begin.
 */
export function mayBringFields({ text }: YamlDocument, { span }: Manifest, column: number): boolean {
  if (!TEMPLATE.test(text)) return false;
  const behind = /^(?:[ \t]*(?:\{\{.*|\$[{(].*)?\r?\n)*[ \t]*(?:\{\{.*|\$[{(].*)?/.exec(
    text.slice(span.end, span.end + REACH),
  );
  const end = span.end + (behind?.[0].length ?? 0);
  const own = text.slice(span.start, end);
  return templatesIn(own).some(({ start, end: templateEnd }) => {
    const reach = own.slice(Math.max(0, start - REACH), start);
    const feed = reach.lastIndexOf('\n');
    // A line that is longer than that is none that a template has for itself.
    if (feed < 0 && start > REACH) return false;
    const before = reach.slice(feed + 1);
    const written = own.slice(start, templateEnd);
    // Behind other templates of its line it is still the first thing that the line writes.
    const alone =
      before.replace(/\{\{.*?\}\}/g, '').trim() === '' &&
      /^[ \t]*(?:\{\{|#|\r?\n|$)/.test(own.slice(templateEnd, templateEnd + REACH));
    return alone && !writesNothing(written) && indentOf(written, before.length) <= column;
  });
}

const TEMPLATE = /\{\{|\$[{(]/;

/**
 * Whether a template may make a hook of a manifest that is none as it is written: by entries among its annotations, by
 * annotations as a whole, or by metadata.
 */
export function mayBringAnnotations(document: YamlDocument, manifest: Manifest): boolean {
  const { annotationsKeySpan, annotationsSpan, metadataSpan, metadataKeySpan } = manifest;
  const { text } = document;
  if (!TEMPLATE.test(text)) return false;
  if (annotationsKeySpan && !annotationsSpan) return true;
  if (mayBringEntries(document, manifest)) return true;
  if (!metadataSpan) return metadataKeySpan !== undefined;
  const column = metadataSpan.start - (text.lastIndexOf('\n', metadataSpan.start - 1) + 1);
  return mayBringFields(document, manifest, column);
}

/** Whether a template may write fields into the `spec` of a manifest. */
export function mayBringSpecFields(document: YamlDocument, manifest: Manifest): boolean {
  const { text } = document;
  const { start, end } = manifest.span;
  if (!TEMPLATE.test(text)) return false;
  const indent = ' '.repeat(start - (text.lastIndexOf('\n', start - 1) + 1));
  const spec = new RegExp(`(?:^|\\n)${indent}spec:[^\\n]*\\n(?:[ \\t]*(?:(?:#|\\{\\{)[^\\n]*)?\\n)*([ \\t]+)\\S`);
  const column = spec.exec(text.slice(start - indent.length, end))?.[1]?.length;
  return mayBringFields(document, manifest, column ?? Number.MAX_SAFE_INTEGER);
}
