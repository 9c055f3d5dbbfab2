// The floor: the least that a language server on Node can cost. It has no parser: the text is kept in pieces between
// document separators, and an edit looks through the lines of the piece that it touches. No product, a measure.
let rest = Buffer.alloc(0);
let pieces: string[] = [];
let findings: (readonly object[] | undefined)[] = [];

const PHASES = new Set(['PreSync', 'Sync', 'PostSync', 'SyncFail', 'Skip', 'PreDelete', 'PostDelete']);
const HOOK = /^\s*argocd\.argoproj\.io\/hook: *"?([^"\s#]*)/;

function send(message: object): void {
  const body = JSON.stringify({ jsonrpc: '2.0', ...message });
  process.stdout.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

const breaks = (text: string): number => {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
};

let lineCounts: number[] = [];

function load(text: string): void {
  pieces = text.split(/^(?=---)/m);
  lineCounts = pieces.map(breaks);
  findings = pieces.map(() => undefined);
}

/** The piece that holds a line, and the line's number in it. */
function locate(line: number): { index: number; line: number } {
  let left = line;
  let index = 0;
  while (index < pieces.length - 1 && left >= (lineCounts[index] ?? 0)) left -= lineCounts[index++] ?? 0;
  return { index, line: left };
}

interface Position {
  readonly line: number;
  readonly character: number;
}

function offset(text: string, { line, character }: Position): number {
  let at = 0;
  for (let i = 0; i < line; i++) at = text.indexOf('\n', at) + 1;
  return at + character;
}

/** The benchmark's edits stay within a line. */
function edit(start: Position, end: Position, text: string): void {
  const { index, line } = locate(start.line);
  const piece = pieces[index] ?? '';
  const from = offset(piece, { line, character: start.character });
  pieces[index] = piece.slice(0, from) + text + piece.slice(from + end.character - start.character);
  findings[index] = undefined;
}

function scan(piece: string): readonly object[] {
  return piece.split('\n').flatMap((text, line) => {
    const phase = HOOK.exec(text)?.[1];
    return phase === undefined || phase.split(',').every((item) => PHASES.has(item)) ? [] : [{ line, phase }];
  });
}

function diagnostics(): object[] {
  let first = 0;
  const all: object[] = [];
  for (const [index, piece] of pieces.entries()) {
    const found = (findings[index] ??= scan(piece)) as readonly { line: number; phase: string }[];
    for (const { line, phase } of found) {
      const start = { line: first + line, character: 0 };
      all.push({ range: { start, end: { ...start, character: 40 } }, severity: 1, message: `unknown hook: ${phase}` });
    }
    first += lineCounts[index] ?? 0;
  }
  return all;
}

const ITEMS = [...PHASES].map((label) => ({ label, kind: 12 }));

interface Message {
  readonly id?: number;
  readonly method: string;
  readonly params: {
    readonly textDocument: { readonly text: string };
    readonly position: Position;
    readonly contentChanges: readonly { range: { start: Position; end: Position }; text: string }[];
  };
}

function handle({ id, method, params }: Message): void {
  if (method === 'textDocument/didOpen') load(params.textDocument.text);
  for (const { range, text } of method === 'textDocument/didChange' ? params.contentChanges : [])
    edit(range.start, range.end, text);
  if (id === undefined) return;
  send({ id, result: resultOf(method, params) });
}

function resultOf(method: string, params: Message['params']): unknown {
  switch (method) {
    case 'initialize':
      return { capabilities: { textDocumentSync: 2, diagnosticProvider: {} } };
    case 'textDocument/diagnostic':
      return { kind: 'full', items: diagnostics() };
    case 'textDocument/completion':
      return { isIncomplete: false, items: ITEMS };
    case 'textDocument/hover': {
      const { index, line } = locate(params.position.line);
      return { contents: { kind: 'markdown', value: (pieces[index] ?? '').split('\n')[line] ?? '' } };
    }
    default:
      return null;
  }
}

process.stdin.on('data', (chunk: Buffer) => {
  rest = Buffer.concat([rest, chunk]);
  for (;;) {
    const head = rest.indexOf('\r\n\r\n');
    if (head < 0) return;
    const length = Number(/content-length: *(\d+)/i.exec(rest.toString('latin1', 0, head))?.[1] ?? 0);
    if (rest.length < head + 4 + length) return;
    const body = rest.toString('utf8', head + 4, head + 4 + length);
    rest = rest.subarray(head + 4 + length);
    handle(JSON.parse(body) as Message);
  }
});
