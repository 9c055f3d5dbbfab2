/** A jq expression as far as it is understood here: paths, selections, and conditions on values. */
export type Jq =
  | { readonly kind: 'identity' }
  | { readonly kind: 'recurse' }
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'key'; readonly of: Jq; readonly key: Jq }
  | { readonly kind: 'items'; readonly of: Jq }
  | { readonly kind: 'try'; readonly of: Jq }
  | { readonly kind: 'pipe' | 'comma' | 'and' | 'or' | 'alternative'; readonly left: Jq; readonly right: Jq }
  | { readonly kind: 'compare'; readonly operator: string; readonly left: Jq; readonly right: Jq }
  | { readonly kind: 'call'; readonly name: JqFunction; readonly args: readonly Jq[] };

/** The functions that are known, and how many arguments each takes. */
const FUNCTIONS = {
  select: 1,
  has: 1,
  test: 1,
  startswith: 1,
  endswith: 1,
  contains: 1,
  any: 1,
  all: 1,
  not: 0,
  length: 0,
  type: 0,
  empty: 0,
} as const;
export type JqFunction = keyof typeof FUNCTIONS;

const TOKEN =
  /\s+|(?<text>"(?:[^"\\]|\\.)*")|(?<number>\d+(?:\.\d+)?)|(?<field>\.[A-Za-z_]\w*)|(?<word>[A-Za-z_]\w*)|(?<sign>\.\.|==|!=|<=|>=|\/\/|[.[\]()|,?<>-])/y;

interface Token {
  readonly kind: 'text' | 'number' | 'field' | 'word' | 'sign';
  readonly text: string;
}

/** Deeper than anybody writes. */
const DEEPEST = 50;

/** Reads an expression; undefined where it holds something that is not understood here. */
export function parseJq(expression: string): Jq | undefined {
  const tokens = tokensOf(expression);
  if (tokens === undefined || tokens.length === 0) return undefined;
  const parser = new Parser(tokens);
  const parsed = parser.pipe();
  return parser.isAtEnd && !parser.failed ? parsed : undefined;
}

function tokensOf(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const found = TOKEN.exec(text);
    if (!found) return undefined;
    for (const kind of ['text', 'number', 'field', 'word', 'sign'] as const) {
      const part = found.groups?.[kind];
      if (part !== undefined) tokens.push({ kind, text: part });
    }
  }
  return tokens;
}

/** Precedence as in jq: `|`, `,`, `//`, `or`, `and`, comparisons, then terms with what follows them. */
class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;
  failed = false;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  pipe(): Jq {
    if (++this.#depth > DEEPEST) return this.#fail();
    const parsed = this.#chain(['|'], 'pipe', () => this.#comma());
    this.#depth--;
    return parsed;
  }

  #comma = (): Jq => this.#chain([','], 'comma', () => this.#alternative());
  #alternative = (): Jq => this.#chain(['//'], 'alternative', () => this.#or());
  #or = (): Jq => this.#chain(['or'], 'or', () => this.#and());
  #and = (): Jq => this.#chain(['and'], 'and', () => this.#comparison());

  #chain(signs: readonly string[], kind: 'pipe' | 'comma' | 'and' | 'or' | 'alternative', next: () => Jq): Jq {
    let left = next();
    while (!this.failed && signs.includes(this.#next?.text ?? '') && this.#next?.kind !== 'text') {
      this.#at++;
      left = { kind, left, right: next() };
    }
    return left;
  }

  #comparison(): Jq {
    const left = this.#term();
    const operator = this.#next?.kind === 'sign' ? this.#next.text : '';
    if (!['==', '!=', '<', '<=', '>', '>='].includes(operator)) return left;
    this.#at++;
    return { kind: 'compare', operator, left, right: this.#term() };
  }

  #term(): Jq {
    let term = this.#primary();
    while (!this.failed) {
      const next = this.#next;
      if (next?.kind === 'field') {
        this.#at++;
        term = { kind: 'key', of: term, key: { kind: 'literal', value: next.text.slice(1) } };
      } else if (this.#takes('?')) term = { kind: 'try', of: term };
      else if (next?.text === '.' && this.#tokens[this.#at + 1]?.kind === 'text') {
        this.#at++;
        term = { kind: 'key', of: term, key: this.#text() };
      } else if (next?.text === '.' && this.#tokens[this.#at + 1]?.text === '[') this.#at++;
      else if (this.#takes('[')) term = this.#brackets(term);
      else break;
    }
    return term;
  }

  #brackets(of: Jq): Jq {
    if (this.#takes(']')) return { kind: 'items', of };
    const key = this.pipe();
    return this.#takes(']') ? { kind: 'key', of, key } : this.#fail();
  }

  #primary(): Jq {
    const token = this.#next;
    if (token === undefined) return this.#fail();
    if (token.kind === 'text') return this.#text();
    this.#at++;
    const { kind, text } = token;
    if (kind === 'number') return { kind: 'literal', value: Number(text) };
    if (kind === 'field') return keyOfThis(text.slice(1));
    if (kind === 'word') return this.#word(text);
    if (text === '..') return { kind: 'recurse' };
    if (text === '(') {
      const inner = this.pipe();
      return this.#takes(')') ? inner : this.#fail();
    }
    if (text === '-' && this.#next?.kind === 'number') {
      const number = Number(this.#next.text);
      this.#at++;
      return { kind: 'literal', value: -number };
    }
    if (text !== '.') return this.#fail();
    return this.#next?.kind === 'text'
      ? { kind: 'key', of: { kind: 'identity' }, key: this.#text() }
      : { kind: 'identity' };
  }

  #word(name: string): Jq {
    if (name === 'null') return { kind: 'literal', value: null };
    if (name === 'true' || name === 'false') return { kind: 'literal', value: name === 'true' };
    if (!isFunction(name)) return this.#fail();
    const args: Jq[] = [];
    if (this.#takes('(')) {
      args.push(this.pipe());
      if (!this.#takes(')')) return this.#fail();
    }
    // `any` and `all` alone take the items as they are.
    const isShort = args.length === 0 && (name === 'any' || name === 'all');
    if (isShort) args.push({ kind: 'identity' });
    return args.length === FUNCTIONS[name] ? { kind: 'call', name, args } : this.#fail();
  }

  /** A text without interpolation. */
  #text(): Jq {
    const token = this.#next;
    this.#at++;
    try {
      const value: unknown = JSON.parse(token?.text ?? '');
      return typeof value === 'string' ? { kind: 'literal', value } : this.#fail();
    } catch {
      return this.#fail();
    }
  }

  get #next(): Token | undefined {
    return this.#tokens[this.#at];
  }

  #takes(sign: string): boolean {
    const isNext = this.#next?.kind === 'sign' && this.#next.text === sign;
    if (isNext) this.#at++;
    return isNext;
  }

  #fail(): Jq {
    this.failed = true;
    this.#at = this.#tokens.length;
    return { kind: 'identity' };
  }
}

const keyOfThis = (key: string): Jq => ({
  kind: 'key',
  of: { kind: 'identity' },
  key: { kind: 'literal', value: key },
});
const isFunction = (name: string): name is JqFunction => Object.hasOwn(FUNCTIONS, name);
