import { isObject, type Json, type JsonObject } from '../../core/object.ts';
import { readWithJsYaml } from '../../manifest/read-js-yaml.ts';
import { joinPath } from '../paths.ts';

/** Names that a kustomization's file may have, the first that is there counts. Source: argo-cd util/kustomize/kustomize.go `KustomizationNames`. */
export const KUSTOMIZATION_NAMES: readonly string[] = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** A kustomization as read. `value` is empty where the text cannot be read: kustomize itself then says why. */
export interface KustomizationFile {
  readonly path: string;
  readonly text: string;
  readonly value: JsonObject;
}

/** The kustomization of a folder; undefined where it holds none. */
export async function kustomizationIn(
  folder: string,
  read: (path: string) => Promise<string | undefined>,
): Promise<KustomizationFile | undefined> {
  for (const name of KUSTOMIZATION_NAMES) {
    const path = joinPath(folder, name);
    const text = await read(path);
    if (text === undefined) continue;
    const reading = readWithJsYaml(text);
    return { path, text, value: 'value' in reading && isObject(reading.value) ? reading.value : {} };
  }
  return undefined;
}

/** A text of a kustomization that may name a file, a folder or an address, and the path to it. */
export interface Reference {
  readonly text: string;
  readonly path: readonly (string | number)[];
}

/** Fields that name no file. */
const NAMELESS: ReadonlySet<string> = new Set([
  'apiVersion',
  'kind',
  'metadata',
  'namespace',
  'namePrefix',
  'nameSuffix',
  'images',
  'replicas',
  'labels',
  'commonLabels',
  'commonAnnotations',
  'buildMetadata',
  'generatorOptions',
  'options',
  'literals',
  'sortOptions',
  'vars',
  'target',
]);
const MAX_NAME = 1024;

/** All texts of a kustomization, or of a generator's or transformer's configuration, that may name a file. */
export function referencesIn(value: Json, path: readonly (string | number)[] = []): Reference[] {
  if (typeof value === 'string') {
    return value === '' || value.length > MAX_NAME || value.includes('\n') ? [] : [{ text: value, path }];
  }
  if (Array.isArray(value)) return value.flatMap((item, i) => referencesIn(item, [...path, i]));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, entry]) =>
    NAMELESS.has(key) ? [] : referencesIn(entry, [...path, key]),
  );
}

/** Fields whose entries kustomize takes for addresses where no such file is there. */
const FETCHED: ReadonlySet<string> = new Set(['resources', 'bases', 'components', 'crds', 'openapi', 'files', 'path']);

const isFetched = ({ path }: Reference): boolean => path.some((key) => typeof key === 'string' && FETCHED.has(key));

/** Does the entry name something of the network? Source: kustomize api/internal/git/repospec.go, api/internal/loader. */
export const isRemote = (reference: Reference): boolean =>
  isFetched(reference) &&
  /^[\w+.-]+(?:::|:\/\/)|^git@|^[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}[/:]|[?&]ref=/.test(reference.text);
