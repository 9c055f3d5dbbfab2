import {
  isObject,
  kindOf,
  metadataOf,
  nameOf,
  type Json,
  type JsonObject,
  type KubeObject,
} from '../../core/object.ts';
import { textAt } from '../../core/fields.ts';
import { writeJson } from '../../core/json.ts';
import { readWithJsYaml } from '../../manifest/read-js-yaml.ts';
import { Locator } from '../../manifest/locate.ts';
import { lineStarts, positionIn } from '../../manifest/lines.ts';
import type { SourceFile } from '../../manifest/source-file.ts';
import { objectsOfDocument } from '../objects.ts';
import { joinPath } from '../paths.ts';
import type { Trace } from './helm-origins.ts';
import { fitsWithin } from './candidates.ts';
import type { KustomizationFile } from './kustomization.ts';

const ORIGIN = 'config.kubernetes.io/origin';
const BUILD_METADATA = 'originAnnotations';

/**
 * The kustomization with which kustomize writes beside each object where it comes from; undefined where it does that
 * already. Source: kustomize api/types/kustomization.go `OriginAnnotations`.
 */
export function tracedKustomization(value: JsonObject): string | undefined {
  const before = Array.isArray(value['buildMetadata']) ? value['buildMetadata'] : [];
  if (before.includes(BUILD_METADATA)) return undefined;
  return writeJson({ ...value, buildMetadata: [...before, BUILD_METADATA] });
}

/** What kustomize says of an object's origin. `generated`: a generator of the kustomization made it. */
export interface KustomizeTrace extends Trace {
  readonly generated: boolean;
}

/**
 * The origins of the objects of a build by those that a traced build of the same files wrote: both give the same
 * objects in the same order. Undefined where nothing is said, or an object was put together anew by a patch.
 */
export function kustomizeTraces(
  output: SourceFile,
  traced: SourceFile,
  folder: string,
): (KustomizeTrace | undefined)[] {
  const plain = objectsIn(output);
  const others = objectsIn(traced);
  if (plain.length !== others.length) return [];
  return plain.map((object, i) => {
    const other = others[i];
    if (!other || kindOf(object) !== kindOf(other) || nameOf(object) !== nameOf(other)) return undefined;
    const annotations = metadataOf(other)['annotations'];
    const origin = isObject(annotations) ? annotations[ORIGIN] : undefined;
    return typeof origin === 'string' ? traceOf(origin, folder) : undefined;
  });
}

const objectsIn = (file: SourceFile): KubeObject[] =>
  file.documents.flatMap(({ document }) => objectsOfDocument(document).map(({ object }) => object));

/** Source: kustomize api/resource/origin.go `Origin`. */
function traceOf(text: string, folder: string): KustomizeTrace | undefined {
  const reading = readWithJsYaml(text);
  const origin = 'value' in reading ? reading.value : null;
  const path = textAt(origin, 'path');
  const configuredIn = textAt(origin, 'configuredIn');
  const repo = textAt(origin, 'repo');
  if (repo !== '') return { named: `${path || configuredIn} of ${repo}`, generated: false };
  if (path !== '') return { file: joinPath(folder, path), named: path, generated: false };
  const generator = /Generator$|^HelmChart/.test(textAt(origin, 'configuredBy', 'kind'));
  if (configuredIn === '' || !generator) return undefined;
  return { file: joinPath(folder, configuredIn), named: configuredIn, generated: true };
}

const GENERATORS: readonly { readonly key: string; readonly kind?: string }[] = [
  { key: 'configMapGenerator', kind: 'ConfigMap' },
  { key: 'secretGenerator', kind: 'Secret' },
  { key: 'helmCharts' },
];

/** The line (1-based) of the generator that made an object; 1 where none fits. */
export function lineOfGenerator({ text, value }: KustomizationFile, object: KubeObject): number {
  let best: { path: readonly (string | number)[]; score: number } | undefined;
  for (const { key, kind } of GENERATORS) {
    if (kind !== undefined && kind !== kindOf(object)) continue;
    const entries: Json = value[key] ?? [];
    if (!Array.isArray(entries)) continue;
    entries.forEach((entry, i) => {
      const score = kind === undefined ? 0 : fitsWithin(textAt(entry, 'name'), nameOf(object));
      if (score >= 0 && score > (best?.score ?? -1)) best = { path: [key, i], score };
    });
  }
  return best ? lineAt(text, best.path) : 1;
}

/** The line (1-based) on which the value at a path of a text begins. */
export function lineAt(text: string, path: readonly (string | number)[]): number {
  const span = new Locator(text).value(path);
  return span ? positionIn(text, lineStarts(text), span.start).line + 1 : 1;
}
