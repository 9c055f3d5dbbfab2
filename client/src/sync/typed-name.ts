import type { Preflight } from './events.ts';

/**
 * Whose name a person has to type to agree: that of a protected context, or of an application whose objects are deleted.
 * Undefined: a plain yes will do. In the simulation nothing can be lost.
 */
export function typedName(
  { cluster, deletes }: Pick<Preflight, 'cluster' | 'deletes'>,
  isProtected: boolean,
): 'context' | 'application' | undefined {
  if (cluster.kind !== 'kubernetes') return undefined;
  return isProtected ? 'context' : deletes === true ? 'application' : undefined;
}
