import { isObject, metadataOf, type KubeObject } from '../../core/object.ts';
import type { AnnotationEntry, Manifest } from '../../manifest/model.ts';
import { readWithJsYaml } from '../../manifest/read-js-yaml.ts';
import { checkManifest, type DocumentContext } from './dispatch.ts';

/** Beyond this many units reading twice what is being edited costs more than it saves: of that little is parsed anew. */
const SHORT = 8_000;

/** Templates, and merge keys, whose entries stand elsewhere: what the values alone do not show. */
const UNSURE = /\{\{|\$[{(]|<</;

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
  if (!('value' in reading)) return false;
  const { value } = reading;
  if (!isObject(value)) return value === null;
  // Lists have manifests within, and Applications options, that are judged too.
  if (Object.hasOwn(value, 'items') || value['kind'] === 'Application') return false;
  let clean = true;
  checkManifest(manifestOf(value), context, () => (clean = false));
  return clean;
}

function manifestOf(object: KubeObject): Manifest {
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
    templated: false,
  };
}
