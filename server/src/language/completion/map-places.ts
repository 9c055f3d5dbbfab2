import { isApplicationKind } from '../../core/annotations/catalogue.ts';
import { splitApiVersion } from '../../core/object.ts';
import { rootAbove, siblings, type BlockPath, type Root } from './block-path.ts';

/** A map in which annotations are written, or may be. */
export interface MapPlace {
  /** They are those of an Argo CD Application: its own, or what an ApplicationSet gives to each of its own. */
  readonly onApplication: boolean;
  /** Kustomize adds them: to every manifest that it builds, or to what a generator makes. */
  readonly byKustomize?: true;
  /** Every Application that an ApplicationSet generates gets them. */
  readonly generated?: true;
  /** They are values of a chart, whose templates decide what gets them. */
  readonly inValues?: true;
  /** A patch writes them on what it changes. */
  readonly patched?: true;
}

const ANNOTATIONS = ['annotations', 'metadata'];
/** Lists of a kustomization whose `options` carry annotations. */
export const GENERATORS = ['configMapGenerator', 'secretGenerator'];

/**
 * Whose annotations a key stands among whose parents these are; undefined where Argo CD reads none. Annotations of a
 * workload's pod template are none of its own.
 */
export function annotationsPlace(text: string, path: BlockPath): MapPlace | undefined {
  if (path.parents[0]?.key === 'commonAnnotations') return kustomizePlace(text, path, ['commonAnnotations']);
  return objectPlace(text, path, ANNOTATIONS) ?? generatorPlace(text, path);
}

/** Whose metadata a key stands in whose parents these are. */
export const metadataPlace = (text: string, path: BlockPath): MapPlace | undefined =>
  objectPlace(text, path, ['metadata']);

/** Whether the parents lead from an item of a list to an Application's sync options, its own or an ApplicationSet's. */
export function isApplicationList(text: string, path: BlockPath, keys: readonly string[]): boolean {
  const own = rootAbove(text, path, keys);
  if (own) return isApplicationKind(gvkOf(own));
  const root = rootAbove(text, path, [...keys, 'template', 'spec']);
  return root !== undefined && isApplicationSet(root);
}

function objectPlace(text: string, path: BlockPath, keys: readonly string[]): MapPlace | undefined {
  const own = rootAbove(text, path, keys);
  if (own) return isNamed(own) ? { onApplication: isApplicationKind(gvkOf(own)) } : undefined;
  const root = rootAbove(text, path, [...keys, 'template', 'spec']);
  return root && isApplicationSet(root) ? { onApplication: true, generated: true } : undefined;
}

function generatorPlace(text: string, path: BlockPath): MapPlace | undefined {
  if (path.parents[1]?.key === 'generatorOptions')
    return kustomizePlace(text, path, ['annotations', 'generatorOptions']);
  const generator = GENERATORS.find((key) => path.parents[3]?.key === key);
  return generator === undefined ? undefined : kustomizePlace(text, path, ['annotations', 'options', '-', generator]);
}

/** A kustomization may do without a kind. */
function kustomizePlace(text: string, path: BlockPath, keys: readonly string[]): MapPlace | undefined {
  const root = path.parents.length === keys.length ? rootAbove(text, path, keys) : undefined;
  return root && ['', 'Kustomization', 'Component'].includes(root.kind)
    ? { onApplication: false, byKustomize: true }
    : undefined;
}

/** Names of maps whose entries are annotations, and of those whose are none. */
const OF_ANNOTATIONS = /^annotations$|Annotations$/;
const OF_LABELS = /labels$/i;
/** Keys of annotations that say something about a sync. */
const KEY = /^(?:argocd\.argoproj\.io|helm\.sh)\//;

/**
 * Whether a key stands among annotations in values of a chart: in a map that is called so, or among keys of ours.
 * @param keys those of the map, as far as they are known
 */
export function valuesPlace(text: string, { parents }: BlockPath, keys: Iterable<string>): MapPlace | undefined {
  const [map] = parents;
  const root = parents.at(-1);
  if (!map || !root || OF_LABELS.test(map.key)) return undefined;
  if (!OF_ANNOTATIONS.test(map.key) && ![...keys].some((key) => KEY.test(key))) return undefined;
  return isOfValues(text, parents, root) ? { onApplication: false, inValues: true } : undefined;
}

/** Below a root that is no object, nor on its way to be one; or in values that an Application gives to Helm. */
function isOfValues(text: string, parents: BlockPath['parents'], root: BlockPath['parents'][number]): boolean {
  const given = parents.findIndex(({ key }) => key === 'valuesObject');
  if (given >= 0) return parents[given + 1]?.key === 'helm';
  const beside = siblings(text, root.line, root.column);
  return root.key !== 'metadata' && !['kind', 'apiVersion', 'metadata'].some((key) => beside.has(key));
}

const gvkOf = ({ apiVersion, kind }: Root) => ({ ...splitApiVersion(apiVersion), kind });
const isNamed = ({ apiVersion, kind }: Root): boolean => apiVersion !== '' || kind !== '';
const isApplicationSet = (root: Root): boolean =>
  root.kind === 'ApplicationSet' && splitApiVersion(root.apiVersion).group === 'argoproj.io';
