import { MAX_FILE_SIZE } from './workspace/files.ts';

const MEBIBYTE = 1024 * 1024;

export { MAX_FILE_SIZE };

/** Why a file of so many bytes is not read, for a person; undefined where it is. @param limit in MiB */
export function tooBig(bytes: number, limit = MAX_FILE_SIZE): string | undefined {
  const size = bytes / MEBIBYTE;
  if (size <= limit) return undefined;
  const told = Number.isInteger(limit) ? Math.ceil(size) : Math.ceil(size * 100) / 100;
  return `The file is not read: it has ${told} MiB, more than ${limit} (argocdHooks.maxFileSize). What it holds is missing in the plan.`;
}

const UTF_8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Text of a file: UTF-8, or UTF-16 where a byte-order mark says so, as Argo CD reads it. */
export function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return UTF_8.decode(bytes);
}
