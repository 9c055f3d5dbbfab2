import { fail } from '../problem.ts';
import type { Value } from '../values.ts';
import { DATA } from './data.ts';
import { GO } from './go.ts';
import { LISTS } from './lists.ts';
import { MAPS } from './maps.ts';
import { call, type Functions } from './model.ts';
import { NUMBERS } from './numbers.ts';
import { PATTERNS } from './regex.ts';
import { STRINGS } from './strings.ts';

/**
 * The functions that templates of an ApplicationSet may call, as far as they are known here: Go's own, sprig's and Argo
 * CD's, but for those that give something else each time. Source: applicationset/utils/utils.go `init`.
 */
const FUNCTIONS: Functions = { ...LISTS, ...MAPS, ...NUMBERS, ...DATA, ...PATTERNS, ...STRINGS, ...GO };

/** Calls a function by its name. @throws TemplateProblem where it is not known, or refuses its values */
export function callFunction(name: string, values: readonly Value[]): Value {
  const found = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  return found ? call(name, found, values) : fail(`the function ${name} is not known here`);
}
