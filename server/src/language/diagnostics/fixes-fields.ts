import { at } from '../../core/fields.ts';
import { generateNameOf, isObject, kindOf } from '../../core/object.ts';
import { addFields, removeField, renameField, setField, type NewField } from '../../manifest/edit-fields.ts';
import { addAnnotation } from '../../manifest/edit.ts';
import type { Path } from '../../manifest/locate.ts';
import type { Target } from './fixes-hooks.ts';
import type { Fix } from './model.ts';
import { pathOf } from './where.ts';
import { editsOf } from './fixes.ts';

/** Writes fields into a map of a manifest. */
export function addFieldsTo(
  { document, manifest }: Target,
  fix: { readonly path: Path; readonly fields: readonly NewField[]; readonly title: string },
): Fix {
  const edit = addFields(document.text, [...pathOf(manifest, document), ...fix.path], fix.fields);
  return { title: fix.title, edits: editsOf(edit), preferred: true, safe: false };
}

/** Takes a field out of a manifest; `safe` where it means nothing. */
export function removeFieldOf({ document, manifest }: Target, path: Path, title: string, safe = false): Fix {
  const edit = removeField(document.text, [...pathOf(manifest, document), ...path]);
  return { title, edits: editsOf(edit), preferred: true, safe };
}

/** Seconds and retries that a fix writes: enough for most hooks, and easy to change. */
const DEADLINE_SECONDS = 600;
const RETRIES = 2;

/** Bounds the time that a Job or Pod may take: a deadline, and for a Job that has none a number of retries. */
export function limitRun(target: Target): Fix {
  const { object } = target.manifest;
  const deadline = { key: 'activeDeadlineSeconds', value: DEADLINE_SECONDS };
  const retries = { key: 'backoffLimit', value: RETRIES };
  const bare = kindOf(object) !== 'Job' || at(object, 'spec', 'backoffLimit') !== undefined;
  const fields = bare ? [deadline] : [deadline, retries];
  const title = `Add ${fields.map(({ key, value }) => `${key}: ${value}`).join(' and ')}`;
  return addFieldsTo(target, { path: ['spec'], fields, title });
}

/** Lets a Pod end: it is not started again, whatever becomes of it. */
export function endPod({ document, manifest }: Target): Fix {
  const path = [...pathOf(manifest, document), 'spec'];
  const written = at(manifest.object, 'spec', 'restartPolicy') !== undefined;
  const edit = written
    ? setField(document.text, [...path, 'restartPolicy'], 'Never')
    : addFields(document.text, path, [{ key: 'restartPolicy', value: 'Never' }]);
  return { title: 'Set restartPolicy: Never', edits: editsOf(edit), preferred: true, safe: false };
}

/** Gives a fixed name to what has only the beginning of one. */
export function giveName({ document, manifest }: Target): Fix {
  const name = generateNameOf(manifest.object).replace(/[-.]+$/, '');
  const path = [...pathOf(manifest, document), 'metadata', 'generateName'];
  const edits = name === '' ? [] : (renameField(document.text, path, 'name', name) ?? []);
  return { title: `Give it the name ${name}`, edits, preferred: true, safe: false };
}

/** Puts another prefix in the place of `generateName`. */
export function setNamePrefix({ document, manifest }: Target, prefix: string): Fix {
  const path = [...pathOf(manifest, document), 'metadata', 'generateName'];
  const edits = renameField(document.text, path, 'generateName', prefix) ?? [];
  return { title: `Shorten to ${prefix}`, edits, preferred: true, safe: false };
}

/** Gives the pods of a manifest an annotation that they do not have yet. */
export function annotatePods(target: Target, key: string, value: string): Fix {
  const { document, manifest } = target;
  const title = `Add the annotation ${key}: "${value}" to its pod`;
  if (kindOf(manifest.object) === 'Pod')
    return { title, edits: editsOf(addAnnotation(document, manifest, key, value)), preferred: true, safe: false };
  const [template, metadata, annotations] = [['spec', 'template'], ['metadata'], ['annotations']] as const;
  const own = { key, value };
  const inside = { key: 'annotations', value: [own] };
  const has = (...path: readonly string[]): boolean => isObject(at(manifest.object, ...path));
  if (has(...template, ...metadata, ...annotations))
    return addFieldsTo(target, { path: [...template, ...metadata, ...annotations], fields: [own], title });
  if (has(...template, ...metadata))
    return addFieldsTo(target, { path: [...template, ...metadata], fields: [inside], title });
  return addFieldsTo(target, { path: template, fields: [{ key: 'metadata', value: [inside] }], title });
}

/** Puts another text in the place of the value at a path of a manifest. */
export function setFieldOf({ document, manifest }: Target, path: Path, value: string, title: string): Fix {
  const edit = setField(document.text, [...pathOf(manifest, document), ...path], value);
  return { title, edits: editsOf(edit), preferred: true, safe: false };
}
