import { gvkOf, type KubeObject } from '#core/object';
import { isBuiltInGroup, kindsOfCrd, pluralOf, type ApiResource } from './kinds.ts';

/**
 * Custom kinds that an application uses and does not define: they are taken to be known to the cluster, as its namespaces
 * are taken to be there, for somebody else installs them. What it defines itself comes with its definition. A kind of a
 * built-in group is known or wrong.
 */
export function assumedKinds(objects: readonly KubeObject[]): ApiResource[] {
  const defined = new Set(objects.flatMap(kindsOfCrd).map(({ group, kind }) => `${group}/${kind}`));
  const used = objects
    .map(gvkOf)
    .filter(({ group, kind }) => !isBuiltInGroup(group) && !defined.has(`${group}/${kind}`));
  const distinct = new Map(used.map((gvk) => [`${gvk.group}/${gvk.version}/${gvk.kind}`, gvk]));
  return [...distinct.values()].map((gvk) => ({ ...gvk, plural: pluralOf(gvk.kind), namespaced: true }));
}

/** Says of assumed kinds that they are assumed; nothing where there are none. */
export function assumedText(kinds: readonly ApiResource[]): string[] {
  if (kinds.length === 0) return [];
  const names = [...new Set(kinds.map(({ kind }) => kind))].join(', ');
  return [
    `The cluster is taken to know ${names}: nothing in this application defines ${kinds.length === 1 ? 'it' : 'them'}. On a cluster that does not, the sync fails before it writes anything.`,
  ];
}
