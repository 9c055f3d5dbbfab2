import type { Manifest, YamlDocument } from '../manifest/model.ts';
import { templatesIn } from '../manifest/template.ts';

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
