import { globMatches } from '#core/glob';

/** Contexts whose name has to be given before a sync writes there, where nobody says otherwise. */
export const PROTECTED_CONTEXTS: readonly string[] = ['*prod*'];

/** Is this context one whose name has to be given? Upper and lower case are one. */
export const isProtected = (context: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => globMatches(pattern.toLowerCase(), context.toLowerCase()));
