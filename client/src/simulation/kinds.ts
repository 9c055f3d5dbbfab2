import { BUILTIN_KINDS, type BuiltinKind } from '#core/builtin-kinds';
import { isObject, kindOf, type Gvk, type KubeObject } from '#core/object';
import type { Discovered } from '#core/sync/model';
import { at, objectsOf, textOf } from '../sync/json.ts';
import { kindNotFound, NOT_SERVED, notDiscovered } from '../sync/kubectl-texts.ts';

/** One kind as discovery lists it. */
export type ApiResource = BuiltinKind;

/** The usual English plural of a kind, in lower case. */
export function pluralOf(kind: string): string {
  const word = kind.toLowerCase();
  if (/(?:s|x|ch|sh)$/.test(word)) return `${word}es`;
  return /[^aeiou]y$/.test(word) ? `${word.slice(0, -1)}ies` : `${word}s`;
}

const groupVersionOf = ({ group, version }: Gvk): string => (group === '' ? version : `${group}/${version}`);

const BUILTIN_GROUPS: ReadonlySet<string> = new Set(BUILTIN_KINDS.map(({ group }) => group));

/** Is it a group of a plain cluster, for whose kinds the simulation has a controller or none is needed? */
export const isBuiltInGroup = (group: string): boolean => BUILTIN_GROUPS.has(group);

/** The kinds that an API server would serve: the built-in ones and those of the CRDs that are established. */
export class Kinds {
  readonly #resources = new Map<string, ApiResource>();
  readonly #versions = new Map<string, number>();
  /** Kinds by `group/Kind`, whatever their version. */
  readonly #scopes = new Map<string, boolean>();

  /** With further kinds that are there from the start, as if their CRDs had been installed before. */
  constructor(further: readonly ApiResource[]) {
    for (const resource of [...BUILTIN_KINDS, ...further]) this.add(resource);
  }

  add(resource: ApiResource): void {
    const groupVersion = groupVersionOf(resource);
    const key = `${groupVersion}/${resource.kind}`;
    if (!this.#resources.has(key)) this.#versions.set(groupVersion, (this.#versions.get(groupVersion) ?? 0) + 1);
    this.#resources.set(key, resource);
    this.#scopes.set(`${resource.group}/${resource.kind}`, resource.namespaced);
  }

  remove(resource: ApiResource): void {
    const groupVersion = groupVersionOf(resource);
    if (!this.#resources.delete(`${groupVersion}/${resource.kind}`)) return;
    const left = (this.#versions.get(groupVersion) ?? 1) - 1;
    if (left === 0) this.#versions.delete(groupVersion);
    else this.#versions.set(groupVersion, left);
  }

  find(gvk: Gvk): ApiResource | undefined {
    return this.#resources.get(`${groupVersionOf(gvk)}/${gvk.kind}`);
  }

  /** Is a kind namespaced? One that nobody knows counts as namespaced. */
  isNamespaced(group: string, kind: string): boolean {
    return this.#scopes.get(`${group}/${kind}`) ?? true;
  }

  /**
   * What discovery says of a kind, in client-go's words: a group version that nobody serves, or a kind that is missing
   * in one, is not found.
   */
  discovered(gvk: Gvk): Discovered {
    const found = this.find(gvk);
    if (found) return { plural: found.plural, namespaced: found.namespaced };
    const groupVersion = groupVersionOf(gvk);
    const error = this.#versions.has(groupVersion) ? kindNotFound(gvk) : notDiscovered(groupVersion, NOT_SERVED);
    return { error, reason: 'NotFound' };
  }
}

/** The kinds that a CustomResourceDefinition brings: one for each version that it serves. */
export function kindsOfCrd(crd: KubeObject): ApiResource[] {
  if (kindOf(crd) !== 'CustomResourceDefinition') return [];
  const spec = crd['spec'];
  const names = at(spec, 'names');
  if (!isObject(names)) return [];
  const kind = textOf(names['kind']);
  const plural = textOf(names['plural']);
  if (kind === '' || plural === '') return [];
  return objectsOf(at(spec, 'versions'))
    .filter((version) => version['served'] !== false)
    .map((version) => ({
      group: textOf(at(spec, 'group')),
      version: textOf(version['name']),
      kind,
      plural,
      namespaced: at(spec, 'scope') !== 'Cluster',
    }));
}
