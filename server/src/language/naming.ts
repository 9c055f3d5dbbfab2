import { generateNameOf, kindOf, nameOf, type KubeObject } from '../core/object.ts';

/** `Job db-migration`, `Job app-slack-notification-…`, or what there is of it: how messages speak of an object. */
export function labelOf(object: KubeObject): string {
  const kind = kindOf(object) || 'object';
  const name = nameOf(object);
  if (name !== '') return `${kind} ${name}`;
  const prefix = generateNameOf(object);
  return prefix === '' ? `this ${kind}` : `${kind} ${prefix}…`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}

/** `1st`, `2nd`, `3rd`, `11th` … */
export function ordinal(n: number): string {
  const tens = n % 100;
  const suffix = tens >= 11 && tens <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return `${n}${suffix}`;
}
