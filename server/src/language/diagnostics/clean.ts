import { writeJson } from '../../core/json.ts';
import { isObject, metadataOf, type Json, type KubeObject } from '../../core/object.ts';
import type { AnnotationEntry, Manifest } from '../../manifest/model.ts';
import { readWithJsYaml } from '../../manifest/read-js-yaml.ts';
import { holdsAnnotationsApart } from '../../manifest/parts.ts';
import { readMasked } from '../../manifest/read-value.ts';
import { hasTemplate } from '../../manifest/template.ts';
import { checkManifest, type DocumentContext } from './dispatch.ts';

/** Beyond this many units reading twice what is being edited costs more than it saves: of that little is parsed anew. */
const SHORT = 8_000;

/** Merge keys, whose entries stand elsewhere: what the values alone do not show. */
const UNSURE = /<</;

const NOWHERE = { start: 0, end: 0 };

/**
 * Tells for certain that no rule finds anything in a document, by its values alone, which are read several times
 * faster than places; false where it is not certain. What a rule says of a manifest depends on keys and values; their
 * places only say where it is shown.
 */
export function isClean(context: DocumentContext): boolean {
  const { text, edited } = context.document;
  if ((edited && text.length > SHORT) || UNSURE.test(text)) return false;
  const reading = readWithJsYaml(text, 'refused');
  const masked = !('value' in reading);
  const value = masked ? readMaskedOnly(text) : reading.value;
  if (value === undefined || holdsAnnotationsApart(value)) return false;
  if (!isObject(value)) return true;
  // Lists have manifests within, and Applications options, that are judged too.
  if (Object.hasOwn(value, 'items') || value['kind'] === 'Application') return false;
  const manifest = manifestOf(value, masked);
  // Rules ask whether an annotation holds a template; of the rest of a text that needs no mask they do not.
  if (manifest.annotations.some(({ key, value: entry }) => hasTemplate(key) || hasTemplateWithin(entry))) return false;
  let clean = true;
  checkManifest(manifest, context, () => (clean = false));
  return clean;
}

/** What can be read with its templates masked, and not as it stands. */
const readMaskedOnly = (text: string): Json | undefined =>
  'value' in readWithJsYaml(text) ? undefined : readMasked(text, 'refused')?.value;

const hasTemplateWithin = (value: Json): boolean => hasTemplate(typeof value === 'string' ? value : writeJson(value));

/** @param templated it could be read only with its templates masked */
function manifestOf(object: KubeObject, templated: boolean): Manifest {
  const annotations = metadataOf(object)['annotations'];
  const entries = isObject(annotations) ? Object.entries(annotations) : [];
  return {
    object,
    span: NOWHERE,
    annotations: entries.map(([key, value]): AnnotationEntry => ({
      key,
      keySpan: NOWHERE,
      value,
      valueSpan: NOWHERE,
      // Whatever may lack quotes is looked at closely.
      style: typeof value === 'string' ? 'double' : 'plain',
      templated: false,
    })),
    templated,
  };
}
