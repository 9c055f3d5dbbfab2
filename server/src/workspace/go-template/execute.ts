import { isObject, type Json, type JsonObject } from '../../core/object.ts';
import { callFunction } from './functions/functions.ts';
import type { BlockNode, Node, Operand, Pipe } from './parse.ts';
import { fail, TemplateProblem } from './problem.ts';
import { isTrue, kindOf, printed, sortedEntries, type Value } from './values.ts';

/** What a template is evaluated with. */
export interface Data {
  readonly parameters: JsonObject;
  /** There are more parameters, which are not known. */
  readonly open: boolean;
  /** Go's option `missingkey`: what becomes of a key that is not there. */
  readonly missingKey: 'default' | 'zero' | 'error';
}

/** No template of an Application takes more, and no loop runs longer. */
const MAX_STEPS = 5_000;
const MAX_TEXT = 100_000;
/** How much all functions together are given and give, in values and parts of texts: lists of the same lists grow fast. */
const MAX_WEIGHT = 50_000;
/** So many letters weigh as much as a value. */
const LETTERS = 16;

interface Variable {
  readonly name: string;
  value: Value;
  /** Why it has none: what gives it could not be evaluated. */
  why?: string;
}

/** A range goes on with its next turn, or ends. */
class Loop extends Error {
  readonly kind: 'break' | 'continue';
  constructor(kind: 'break' | 'continue') {
    super(kind);
    this.kind = kind;
  }
}

/** Evaluates the nodes of one template. Source: Go's text/template/exec.go. */
export class Execution {
  readonly #data: Data;
  readonly #variables: Variable[];
  #written: string[] = [];
  #steps = 0;
  #length = 0;
  #weight = 0;

  constructor(data: Data) {
    this.#data = data;
    this.#variables = [{ name: '$', value: data.parameters }];
  }

  /**
   * The text of a node at the top of a template. @throws TemplateProblem where there is none; the variables that it
   * sets have no value from then on
   */
  run(node: Node): string {
    const before = this.#variables.length;
    this.#written = [];
    try {
      this.#node(node, this.#data.parameters);
      return this.#written.join('');
    } catch (error) {
      if (!(error instanceof TemplateProblem)) throw error;
      this.#variables.length = before;
      for (const name of setIn(node)) {
        const known = this.#variables.findLast((variable) => variable.name === name);
        if (known) known.why = error.message;
        else this.#variables.push({ name, value: undefined, why: error.message });
      }
      throw error;
    }
  }

  #list(nodes: readonly Node[], dot: Value): void {
    for (const node of nodes) this.#node(node, dot);
  }

  #node(node: Node, dot: Value): void {
    if (++this.#steps > MAX_STEPS) fail('it takes too long');
    switch (node.kind) {
      case 'text':
        return this.#write(node.text);
      case 'action': {
        const value = this.#pipe(node.pipe, dot);
        return node.pipe.variables.length > 0 ? undefined : this.#write(printed(this.#whole(value)));
      }
      case 'break':
      case 'continue':
        throw new Loop(node.kind);
      case 'if':
        return this.#scoped(() => this.#list(isTrue(this.#pipe(node.pipe, dot)) ? node.body : node.otherwise, dot));
      case 'with':
        return this.#scoped(() => {
          const value = this.#pipe(node.pipe, dot);
          if (isTrue(value)) this.#list(node.body, value);
          else this.#list(node.otherwise, dot);
        });
      case 'range':
        return this.#scoped(() => this.#range(node, dot));
    }
  }

  #write(text: string): void {
    this.#length += text.length;
    if (this.#length > MAX_TEXT) fail('its text grows too long');
    this.#written.push(text);
  }

  #scoped(run: () => void): void {
    const before = this.#variables.length;
    run();
    this.#variables.length = before;
  }

  #range({ pipe, body, otherwise }: BlockNode, dot: Value): void {
    const value = this.#whole(this.#commands(pipe, dot));
    if (typeof value === 'bigint' && pipe.variables.length > 1) fail('a range over a number has one variable');
    const items = itemsOf(value);
    if (items.length === 0) return this.#list(otherwise, dot);
    if (pipe.assigns) fail('a range over variables that are there already is not known here');
    for (const [key, item] of items) {
      const names = pipe.variables.length === 2 ? [key, item] : [item];
      const before = this.#variables.length;
      pipe.variables.forEach((name, i) => this.#variables.push({ name, value: names[i] }));
      const ends = this.#turn(body, item);
      this.#variables.length = before;
      if (ends) return;
    }
  }

  /** One turn of a range. Does it end it? */
  #turn(body: readonly Node[], item: Value): boolean {
    try {
      this.#list(body, item);
      return false;
    } catch (error) {
      if (error instanceof Loop) return error.kind === 'break';
      throw error;
    }
  }

  /** The value of a pipe, which its variables take. */
  #pipe(pipe: Pipe, dot: Value): Value {
    const value = this.#commands(pipe, dot);
    for (const name of pipe.variables) {
      this.#whole(value);
      if (pipe.assigns) this.#variable(name).value = value;
      else this.#variables.push({ name, value });
    }
    return value;
  }

  #commands({ commands }: Pipe, dot: Value): Value {
    let final: { readonly value: Value } | undefined;
    for (const command of commands) {
      if (++this.#steps > MAX_STEPS) fail('it takes too long');
      const value = this.#command(command, dot, final);
      final = { value: value === null ? undefined : value };
    }
    return final?.value;
  }

  #command([first, ...rest]: readonly Operand[], dot: Value, final: { readonly value: Value } | undefined): Value {
    if (first?.kind === 'function') return this.#call(first.name, rest, dot, final);
    if (rest.length > 0 || final) return fail('what is no function is given values');
    if (!first || first.kind === 'nil') return fail('nil is no command');
    return this.#operand(first, dot);
  }

  #call(name: string, operands: readonly Operand[], dot: Value, final: { readonly value: Value } | undefined): Value {
    if (name === 'and' || name === 'or') {
      // The first value that decides ends it: the others are not looked at.
      let value: Value;
      for (const operand of operands) {
        value = this.#whole(this.#operand(operand, dot));
        if (isTrue(value) === (name === 'or')) return value;
      }
      if (final) value = final.value;
      return operands.length === 0 && !final ? fail(`${name} is given no value`) : value;
    }
    const values = operands.map((operand) => this.#weighed(this.#whole(this.#operand(operand, dot))));
    if (final) values.push(this.#weighed(this.#whole(final.value)));
    return this.#weighed(callFunction(name, values));
  }

  #weighed(value: Value): Value {
    const waiting: Value[] = [value];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      this.#weight += typeof next === 'string' ? 1 + next.length / LETTERS : 1;
      if (this.#weight > MAX_WEIGHT) fail('it takes too much');
      if (typeof next === 'object' && next !== null) for (const part of Object.values(next)) waiting.push(part);
    }
    return value;
  }

  /** Parameters that are not known in full cannot be looked at as a whole. */
  #whole(value: Value): Value {
    return this.#data.open && value === this.#data.parameters ? fail('not every parameter is known here') : value;
  }

  #operand(operand: Operand, dot: Value): Value {
    switch (operand.kind) {
      case 'dot':
        return dot;
      case 'nil':
        return null;
      case 'constant':
        return operand.value;
      case 'field':
        return this.#fields(dot, operand.names);
      case 'variable':
        return this.#fields(this.#variable(operand.name).value, operand.names);
      case 'pipe':
        return this.#fields(this.#pipe(operand.pipe, dot), operand.names);
      case 'function':
        return this.#weighed(callFunction(operand.name, []));
    }
  }

  #variable(name: string): Variable {
    const found = this.#variables.findLast((variable) => variable.name === name);
    if (!found) return fail(`there is no variable ${name}`);
    return found.why === undefined ? found : fail(found.why);
  }

  #fields(value: Value, names: readonly string[]): Value {
    return names.reduce((at, name) => this.#field(at, name), value);
  }

  /** Source: text/template/exec.go `evalField`. */
  #field(at: Value, name: string): Value {
    if (at === undefined) return this.#data.missingKey === 'error' ? fail(`there is no .${name}`) : undefined;
    if (at === null) return fail(`.${name} is looked for in null`);
    if (!isObject(at)) return fail(`.${name} is looked for in a value of type ${kindOf(at)}`);
    if (Object.hasOwn(at, name)) return at[name];
    if (this.#data.open && at === this.#data.parameters) return fail(`.${name} is not known here`);
    if (this.#data.missingKey === 'error') return fail(`there is no .${name}`);
    return this.#data.missingKey === 'zero' ? null : undefined;
  }
}

/** What a range goes over: indices or keys, and items. */
function itemsOf(value: Value): readonly (readonly [Json, Json])[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.map((item, i) => [BigInt(i), item] as const);
  if (isObject(value)) return sortedEntries(value);
  if (typeof value === 'bigint' && value <= MAX_STEPS)
    return Array.from({ length: Math.max(0, Number(value)) }, (_, i) => [BigInt(i), BigInt(i)] as const);
  return fail(`a range cannot go over a value of type ${kindOf(value)}`);
}

/** The variables that a node sets, however deep. */
function setIn(node: Node): readonly string[] {
  switch (node.kind) {
    case 'text':
    case 'break':
    case 'continue':
      return [];
    case 'action':
      return node.pipe.variables;
    default:
      return [...node.pipe.variables, ...[...node.body, ...node.otherwise].flatMap(setIn)];
  }
}
