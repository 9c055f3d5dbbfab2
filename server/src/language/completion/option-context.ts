import { isApplicationKind } from '../../core/annotations/catalogue.ts';
import { at } from '../../core/fields.ts';
import { gvkOf, isObject, type Json, type KubeObject } from '../../core/object.ts';
import type { YamlDocument } from '../../manifest/model.ts';
import { endOfPlain, opensBlock, parseBlockLine } from '../block-lines.ts';
import { lineAbove, lineBelow, type TextLine } from '../line-reader.ts';
import { blockLineAt, blockPath } from './block-path.ts';
import type { OptionContext, Written } from './context-model.ts';
import { isApplicationList } from './map-places.ts';
import { quoteAt } from './quote.ts';

/** An item of an Application's `spec.syncPolicy.syncOptions`: of a block list, or of a flow list or JSON. */
export function optionContext(document: YamlDocument, offset: number): OptionContext | undefined {
  return blockOption(document.text, offset) ?? flowOption(document, offset);
}

const MAX_LINES = 500;

/** `- item` of a block list: the column of its dash, and where its text begins. */
function itemOf(raw: string): { dash: number; from: number } | undefined {
  const match = /^( *)-(?:$|[ \t]+)/.exec(raw.slice(0, 1_000));
  return match ? { dash: match[1]?.length ?? 0, from: match[0].length } : undefined;
}

function blockOption(text: string, offset: number): OptionContext | undefined {
  const { line, raw, column } = blockLineAt(text, offset);
  if (raw.trim() === '') return blankOption(text, line, column);
  const item = itemOf(raw);
  if (!item || column <= item.dash || !isOptionList(text, line, item.dash)) return undefined;
  const written = writtenItem(raw, item.from, column);
  if (!written) return undefined;
  const { replace } = written;
  const space = column === item.dash + 1 ? ' ' : '';
  return {
    kind: 'option',
    replace: { start: line.start + replace.start, end: line.start + replace.end },
    prefix: space + written.prefix,
    suffix: written.suffix,
    existing: itemsBeside(text, line, item.dash),
  };
}

/** How the item whose text begins at a column is replaced; in its quotes, where it has some. */
function writtenItem(raw: string, from: number, column: number): Written | undefined {
  const quote = quoteAt(raw, from);
  if (quote !== '' && column > from) {
    const close = raw.indexOf(quote, from + 1);
    if (close >= 0 && column > close) return undefined;
    const end = close < 0 ? Math.max(endOfPlain(raw, from), column) : close;
    return { replace: { start: from + 1, end }, prefix: '', suffix: close < 0 ? quote : '' };
  }
  const end = endOfPlain(raw, Math.min(from, raw.length));
  if (column > end && raw.slice(end, column).includes('#')) return undefined;
  return { replace: { start: Math.min(from, column), end: Math.max(end, column) }, prefix: '', suffix: '' };
}

const isOptionList = (text: string, line: TextLine, dash: number): boolean => {
  const path = blockPath(text, line, dash + 2, [dash]);
  return path !== undefined && isApplicationList(text, path, ['-', ...LIST]);
};

const LIST = ['syncOptions', 'syncPolicy', 'spec'];

/** A line without anything below the key or below an item: the dash is written too. */
function blankOption(text: string, line: TextLine, column: number): OptionContext | undefined {
  let above = lineAbove(text, line);
  for (let i = 0; above && i < MAX_LINES && isBlankOrComment(text, above); i++) above = lineAbove(text, above);
  if (!above || !continuesList(text, above, column)) return undefined;
  const replace = { start: line.start + column, end: line.end };
  return { kind: 'option', replace, prefix: '- ', suffix: '', existing: itemsBeside(text, line, column) };
}

/** Whether an item whose dash stands at a column belongs to the options that the line above opens, or is one of. */
function continuesList(text: string, above: TextLine, column: number): boolean {
  const raw = text.slice(above.start, above.end);
  const item = itemOf(raw);
  if (item) return item.dash === column && isOptionList(text, above, column);
  const parsed = parseBlockLine(raw);
  if (parsed?.key !== 'syncOptions' || parsed.colon < 0 || column < parsed.keyStart || !opensBlock(raw, parsed))
    return false;
  const path = blockPath(text, above, parsed.keyStart, parsed.dashes);
  return path !== undefined && isApplicationList(text, path, LIST.slice(1));
}

const isBlankOrComment = (text: string, { start, end }: TextLine): boolean =>
  /^\s*(?:#|$)/.test(text.slice(start, end));

/** Texts of the other items of a block list whose dashes stand at a column. */
function itemsBeside(text: string, line: TextLine, dash: number): string[] {
  const found: string[] = [];
  for (const next of [lineAbove, lineBelow]) {
    let at = next(text, line);
    for (let i = 0; at && i < MAX_LINES; at = next(text, at), i++) {
      const raw = text.slice(at.start, at.end);
      const item = itemOf(raw);
      if (item?.dash === dash) found.push(itemText(raw, item.from));
      else if ((parseBlockLine(raw)?.keyStart ?? dash + 1) <= dash) break;
    }
  }
  return found;
}

function itemText(raw: string, from: number): string {
  const quote = quoteAt(raw, from);
  const close = quote === '' ? -1 : raw.indexOf(quote, from + 1);
  return close < 0 ? raw.slice(from, endOfPlain(raw, Math.min(from, raw.length))) : raw.slice(from + 1, close);
}

/** What an Application declares, or what an ApplicationSet gives to each of its Applications. */
function applicationSpec(object: KubeObject): Json | undefined {
  const gvk = gvkOf(object);
  if (isApplicationKind(gvk)) return object['spec'];
  return gvk.group === 'argoproj.io' && gvk.kind === 'ApplicationSet'
    ? at(object, 'spec', 'template', 'spec')
    : undefined;
}

/** How far the bracket of a flow list is looked for. */
const MAX_LIST = 4_000;

/** An item of `[ … ]` behind the key, on one line or several. */
function flowOption(document: YamlDocument, offset: number): OptionContext | undefined {
  const { text } = document;
  const before = text.slice(Math.max(0, offset - MAX_LIST), offset);
  const key = /(["']?)syncOptions\1\s*:\s*\[([^[\]{}]*)$/.exec(before);
  if (!key) return undefined;
  // Nothing is parsed but for the list itself.
  const manifest = document.manifests.find(({ span }) => span.start <= offset && offset <= span.end);
  const policy = manifest && at(applicationSpec(manifest.object), 'syncPolicy');
  if (!isObject(policy) || !Object.hasOwn(policy, 'syncOptions')) return undefined;
  const left = key[2] ?? '';
  // Without a bracket at its end the list ends with the line.
  const right =
    /^[^[\]{}]*(?=\])/.exec(text.slice(offset, offset + MAX_LIST)) ??
    /^[^[\]{}\r\n]*/.exec(text.slice(offset, offset + MAX_LIST));
  const own = left.slice(left.lastIndexOf(',') + 1);
  const behind = (right?.[0] ?? '').split(',');
  const stretch = own + (behind[0] ?? '').replace(/[\r\n][^]*$/, '');
  const start = offset - own.length;
  const written = writtenFlow(stretch, own.length, key[1] === '"');
  if (!written) return undefined;
  return {
    kind: 'option',
    ...written,
    replace: { start: start + written.replace.start, end: start + written.replace.end },
    existing: [...left.split(',').slice(0, -1), ...behind.slice(1)].map((item) =>
      item.trim().replace(/^["']|["']$/g, ''),
    ),
  };
}

function writtenFlow(stretch: string, cursor: number, json: boolean): Written | undefined {
  const from = Math.min(stretch.length - stretch.trimStart().length, cursor);
  const written = writtenItem(stretch, from, cursor);
  if (!written || quoteAt(stretch, from) !== '' || !json) return written;
  return { ...written, prefix: '"', suffix: '"' };
}
