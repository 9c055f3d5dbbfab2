import type { Readable } from 'node:stream';
import { readSettings } from '#service';
import type { EditorSettings, ProxySettings } from '../sync/editor-settings.ts';
import { UsageError, type EditorGiven } from './args.ts';

/**
 * Reads an editor's settings from the first line of a stream; what follows stays in it. What is wrong in them is as if it were not set,
 * as the language server takes it.
 * @throws UsageError where the line is none
 */
export async function readEditorSettings(input: Readable): Promise<EditorGiven> {
  let value: unknown;
  try {
    value = JSON.parse(await firstLine(input));
  } catch {
    throw new UsageError('The first line of the standard input is no settings of an editor');
  }
  const { section, filesExclude, proxy } =
    typeof value === 'object' && value !== null ? (value as Partial<EditorSettings>) : {};
  return { settings: readSettings(section, filesExclude), proxy: readProxy(proxy) };
}

/** A header in more than one line would be several, or none. */
function readProxy(value: unknown): ProxySettings {
  const { authorization, strictSsl } =
    typeof value === 'object' && value !== null ? (value as Partial<ProxySettings>) : {};
  const isHeader = typeof authorization === 'string' && /^[\t\x20-\x7e]*$/.test(authorization);
  return { authorization: isHeader ? authorization : '', strictSsl: strictSsl !== false };
}

function firstLine(input: Readable): Promise<string> {
  const parts: Buffer[] = [];
  return new Promise((resolve) => {
    const end = (): void => {
      input.off('readable', read).off('end', end).off('error', end);
      resolve(Buffer.concat(parts).toString('utf8'));
    };
    const read = (): void => {
      for (let chunk = take(input); chunk !== undefined; chunk = take(input)) {
        const at = chunk.indexOf(0x0a);
        parts.push(at < 0 ? chunk : chunk.subarray(0, at));
        if (at < 0) continue;
        end();
        input.unshift(chunk.subarray(at + 1));
        return;
      }
    };
    input.on('readable', read).on('end', end).on('error', end);
  });
}

function take(input: Readable): Buffer | undefined {
  const chunk: unknown = input.read();
  return Buffer.isBuffer(chunk) ? chunk : undefined;
}
