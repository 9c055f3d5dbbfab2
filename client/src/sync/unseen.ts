import type { Inventory } from './cluster.ts';

/** So many resources are named. */
const NAMED = 8;

/** Where objects of the application were not looked for: they stay where they are, and nobody tells of them. */
export function unseenTexts(unseen: Inventory['unseen']): string[] {
  const places = new Map<string, string[]>();
  for (const { resource, namespace } of unseen) places.set(namespace, [...(places.get(namespace) ?? []), resource]);
  return [...places].map(([namespace, resources]) => {
    const more = resources.length > NAMED ? ` and ${resources.length - NAMED} more` : '';
    const where = namespace === '' ? 'outside of namespaces' : `in namespace ${namespace}`;
    return `Could not look for ${resources.slice(0, NAMED).join(', ')}${more} ${where}: what the application has of them is not deleted.`;
  });
}
