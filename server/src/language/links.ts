import { isApplicationKind } from '../core/annotations/catalogue.ts';
import { at, listAt } from '../core/fields.ts';
import { gvkOf, isObject, type Json } from '../core/object.ts';
import { Locator, type Path } from '../manifest/locate.ts';
import type { Manifest, Span, YamlDocument } from '../manifest/model.ts';
import { pathTo } from './subject.ts';
import { GENERATORS } from './completion/map-places.ts';

/** A text that names a file or a folder. */
export interface Link {
  readonly span: Span;
  /** As written: relative to the folder of the file, or to the repository for the source of an Application. */
  readonly path: string;
  readonly from: 'folder' | 'repository';
  /** What is there: a file or folder of a kustomization, or an Application's source. */
  readonly what: string;
}

const kept = new WeakMap<YamlDocument, readonly Link[]>();

/** The links of a document: what a kustomization builds on, and the sources of Applications. Kept with the document. */
export function linksOf(document: YamlDocument, isKustomizationFile: boolean): readonly Link[] {
  let links = kept.get(document);
  if (!links) {
    links = isKustomizationFile ? inKustomization(document) : inApplications(document);
    kept.set(document, links);
  }
  return links;
}

interface Candidate {
  readonly at: Path;
  readonly path: string;
}

/** Lists of a kustomization whose items are files or folders. */
const LISTS = [
  'resources',
  'bases',
  'components',
  'crds',
  'configurations',
  'transformers',
  'generators',
  'validators',
];
/** Lists whose items name a file under `path`. */
const WITH_PATH = ['patches', 'patchesJson6902', 'replacements'];
/** Lists of generators, each with lists of files. */

function inKustomization(document: YamlDocument): Link[] {
  const { value } = document;
  if (!isObject(value)) return [];
  const plain = [...LISTS, 'patchesStrategicMerge'].flatMap((list) => items(value, [list]));
  const withPath = WITH_PATH.flatMap((list) => fields(value, [list], 'path'));
  const charts = fields(value, ['helmCharts'], 'valuesFile');
  const generated = GENERATORS.flatMap((list) =>
    listAt(value, list).flatMap((generator, i) => [
      ...items(generator, ['files']).map((file) => ({
        path: file.path.replace(/^[^=]*=/, ''),
        at: [list, i, ...file.at],
      })),
      ...items(generator, ['envs']).map((file) => ({ ...file, at: [list, i, ...file.at] })),
    ]),
  );
  return located(
    document,
    [],
    [...plain, ...withPath, ...charts, ...generated],
    'folder',
    'what the kustomization builds on',
  );
}

function inApplications(document: YamlDocument): Link[] {
  if (!/argoproj\.io\//.test(document.text) || !/kind["']?:\s*["']?Application/.test(document.text)) return [];
  return document.manifests.flatMap((manifest) => {
    const spec = specPath(manifest);
    if (!spec) return [];
    const source = at(manifest.object, ...spec);
    const single = field(source, ['source'], 'path');
    const candidates = [...single, ...fields(source, ['sources'], 'path')];
    const own = candidates.map(({ at: path, ...rest }) => ({ ...rest, at: [...spec, ...path] }));
    return located(document, pathTo(document, manifest), own, 'repository', 'the source of the Application');
  });
}

/** Where an Application declares its sources, and an ApplicationSet those of its Applications. */
function specPath({ object }: Manifest): readonly string[] | undefined {
  const gvk = gvkOf(object);
  if (isApplicationKind(gvk)) return ['spec'];
  return gvk.group === 'argoproj.io' && gvk.kind === 'ApplicationSet' ? ['spec', 'template', 'spec'] : undefined;
}

const items = (value: Json | undefined, path: readonly string[]): Candidate[] =>
  textsWithIndex(value, path).map(([i, text]) => ({ at: [...path, i], path: text }));

function textsWithIndex(value: Json | undefined, path: readonly string[]): [number, string][] {
  const list = at(value, ...path);
  if (!Array.isArray(list)) return [];
  return list.flatMap((item, i): [number, string][] => (typeof item === 'string' ? [[i, item]] : []));
}

function fields(value: Json | undefined, path: readonly string[], key: string): Candidate[] {
  const list = at(value, ...path);
  if (!Array.isArray(list)) return [];
  return list.flatMap((item, i) =>
    field(item, [], key).map(({ at: own, path: text }) => ({ at: [...path, i, ...own], path: text })),
  );
}

function field(value: Json | undefined, path: readonly string[], key: string): Candidate[] {
  const text = at(value, ...path, key);
  return typeof text === 'string' ? [{ at: [...path, key], path: text }] : [];
}

/** Addresses, templates and texts over several lines name nothing here. */
const isPath = (path: string): boolean =>
  path.trim() !== '' && !/:\/\/|\{\{|\$[{(]|[\r\n?]|^[\w.-]+@|^github\.com\//.test(path) && path.length < 500;

function located(
  document: YamlDocument,
  root: Path,
  candidates: readonly Candidate[],
  from: Link['from'],
  what: string,
): Link[] {
  const paths = candidates.filter(({ path }) => isPath(path));
  if (paths.length === 0) return [];
  const locator = new Locator(document.text);
  return paths.flatMap(({ at: path, path: text }): Link[] => {
    const span = locator.value([...root, ...path]);
    return span && span.end > span.start ? [{ span, path: text, from, what }] : [];
  });
}
