/** Files beyond this size are not read, in bytes: no manifest is that long. */
const MAX_BYTES = 10 * 1024 * 1024;

/** Why a file of so many bytes is not read, for a person; undefined where it is. */
export function tooBig(bytes: number): string | undefined {
  if (bytes <= MAX_BYTES) return undefined;
  const mebibytes = (size: number): number => Math.ceil(size / 1024 / 1024);
  return `The file is not read: it has ${mebibytes(bytes)} MiB, more than ${mebibytes(MAX_BYTES)}.`;
}

/** Text of a file: UTF-8, or UTF-16 where a byte-order mark says so, as Argo CD reads it. */
export function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}
