import { partsOf, type Part, type Token } from './lex.ts';
import { fail } from './problem.ts';

/** A node of a template. `start` and `end`: where it is written, for actions that cannot be evaluated. */
export type Node =
  | { readonly kind: 'text'; readonly text: string }
  | ({ readonly kind: 'action'; readonly pipe: Pipe } & Written)
  | BlockNode
  | ({ readonly kind: 'break' | 'continue' } & Written);

export interface BlockNode extends Written {
  readonly kind: Control;
  readonly pipe: Pipe;
  readonly body: readonly Node[];
  readonly otherwise: readonly Node[];
}

export interface Written {
  readonly start: number;
  readonly end: number;
}

/** Commands, each of which is given the value of the one before; variables that take the value of the last. */
export interface Pipe {
  readonly variables: readonly string[];
  /** The variables are there already: `=`, not `:=`. */
  readonly assigns: boolean;
  readonly commands: readonly (readonly Operand[])[];
}

export type Operand =
  | { readonly kind: 'dot' | 'nil' }
  | { readonly kind: 'field'; readonly names: readonly string[] }
  | { readonly kind: 'variable'; readonly name: string; readonly names: readonly string[] }
  | { readonly kind: 'constant'; readonly value: string | bigint | number | boolean }
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'pipe'; readonly pipe: Pipe; readonly names: readonly string[] };

/** Nobody nests more. */
const MAX_DEPTH = 50;

type Control = 'if' | 'with' | 'range';
const isControl = (word: string): word is Control => word === 'if' || word === 'with' || word === 'range';

/** A block that is not closed yet. */
interface Block {
  readonly kind: Control;
  readonly pipe: Pipe;
  readonly start: number;
  readonly body: Node[];
  readonly otherwise: Node[];
  /** Where the next node goes. */
  into: Node[];
  hasElse: boolean;
  /** The block of an `else if`, which the `end` of the outer one closes too. */
  readonly chained: boolean;
}

/** Reads a template. Source: Go's text/template/parse/parse.go. @throws TemplateProblem */
export function parseTemplate(source: string): readonly Node[] {
  const root: Node[] = [];
  const open: Block[] = [];
  const current = (): Node[] => open.at(-1)?.into ?? root;

  const begin = (kind: Control, reader: Reader, start: number, chained: boolean): void => {
    const pipe = reader.wholePipe(kind === 'range');
    const body: Node[] = [];
    if (open.length >= MAX_DEPTH) fail('it is nested too deeply');
    open.push({ kind, pipe, start, body, otherwise: [], into: body, hasElse: false, chained });
  };
  const close = (end: number): void => {
    const block = open.pop();
    if (!block) return fail('there is an end without a beginning');
    const { kind, pipe, start, body, otherwise } = block;
    current().push({ kind, pipe, start, end, body, otherwise });
    if (block.chained) close(end);
  };
  const otherwise = (reader: Reader, { start, end }: Written): void => {
    const block = open.at(-1);
    if (!block || block.hasElse) return fail('there is an else without an if');
    block.hasElse = true;
    block.into = block.otherwise;
    const word = reader.word();
    if (word === undefined) return reader.finished();
    if (isControl(word) && word === block.kind && word !== 'range') begin(word, reader, start, true);
    else fail(`else ${word} at ${end} cannot be read`);
  };

  for (const part of partsOf(source)) {
    if (part.kind === 'text') {
      current().push(part);
      continue;
    }
    const reader = new Reader(part);
    const { start, end } = part;
    const word = reader.keyword();
    if (word === undefined) current().push({ kind: 'action', pipe: reader.wholePipe(false), start, end });
    else if (isControl(word)) begin(word, reader, start, false);
    else if (word === 'else') otherwise(reader, part);
    else if (word === 'end') {
      reader.finished();
      close(end);
    } else if (word === 'break' || word === 'continue') {
      if (!open.some(({ kind }) => kind === 'range')) fail(`there is a ${word} outside of a range`);
      current().push({ kind: word, start, end });
    } else fail(`the action ${word} is not known here`);
  }
  if (open.length > 0) fail(`an ${open[0]?.kind ?? 'if'} has no end`);
  return root;
}

const KEYWORDS = ['if', 'with', 'range', 'else', 'end', 'break', 'continue', 'define', 'template', 'block'];

/** Reads the tokens of one action. */
class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor({ tokens }: Extract<Part, { kind: 'action' }>) {
    this.#tokens = tokens;
    this.#skip();
  }

  #skip(): void {
    while (this.#tokens[this.#at]?.kind === 'space') this.#at++;
  }

  #sign(text: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'sign' || token.text !== text) return false;
    this.#at++;
    return true;
  }

  /** The next word, if one comes next. */
  word(): string | undefined {
    this.#skip();
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'name') return undefined;
    this.#at++;
    return token.text;
  }

  keyword(): string | undefined {
    const token = this.#tokens[this.#at];
    return token?.kind === 'name' && KEYWORDS.includes(token.text) ? this.word() : undefined;
  }

  finished(): void {
    this.#skip();
    if (this.#at < this.#tokens.length) fail('an action holds more than can be read');
  }

  wholePipe(isRange: boolean): Pipe {
    const pipe = this.#pipe(isRange);
    this.finished();
    return pipe;
  }

  #pipe(isRange: boolean): Pipe {
    if (++this.#depth > MAX_DEPTH) fail('it is nested too deeply');
    const declared = this.#declaration(isRange);
    const commands = [this.#command()];
    while (this.#sign('|')) commands.push(this.#command());
    this.#depth--;
    return { ...declared, commands };
  }

  #declaration(isRange: boolean): Pick<Pipe, 'variables' | 'assigns'> {
    const before = this.#at;
    const variables: string[] = [];
    for (;;) {
      this.#skip();
      const token = this.#tokens[this.#at];
      if (token?.kind !== 'variable') break;
      this.#at++;
      this.#skip();
      variables.push(token.text);
      if (this.#sign(':=')) return { variables, assigns: false };
      if (this.#sign('=')) return { variables, assigns: true };
      if (!isRange || variables.length > 1 || !this.#sign(',')) break;
    }
    this.#at = before;
    return { variables: [], assigns: false };
  }

  #command(): readonly Operand[] {
    const operands: Operand[] = [];
    for (;;) {
      this.#skip();
      const before = this.#at;
      const operand = this.#operand();
      if (!operand) break;
      if (operands.length > 0 && this.#tokens[before - 1]?.kind !== 'space') fail('a space is missing between values');
      operands.push(operand);
    }
    return operands.length > 0 ? operands : fail('a command is missing');
  }

  #operand(): Operand | undefined {
    const token = this.#tokens[this.#at];
    if (!token || token.kind === 'space') return undefined;
    if (token.kind === 'sign') {
      if (!this.#sign('(')) return undefined;
      const pipe = this.#pipe(false);
      this.#skip();
      if (!this.#sign(')')) fail('a ) is missing');
      return { kind: 'pipe', pipe, names: this.#fields() };
    }
    this.#at++;
    if (token.kind === 'field') return { kind: 'field', names: [token.text, ...this.#fields()] };
    const names = this.#fields();
    if (token.kind === 'variable') return { kind: 'variable', name: token.text, names };
    if (names.length > 0) fail(`.${names[0] ?? ''} cannot stand there`);
    if (token.kind === 'name') return { kind: 'function', name: token.text };
    return token.kind === 'constant' ? token : { kind: token.kind };
  }

  /** Fields that follow at once. */
  #fields(): string[] {
    const names: string[] = [];
    for (let token = this.#tokens[this.#at]; token?.kind === 'field'; token = this.#tokens[this.#at]) {
      names.push(token.text);
      this.#at++;
    }
    return names;
  }
}
