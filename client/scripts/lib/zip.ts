import fs from 'node:fs';
import zlib from 'node:zlib';

/** One file of a zip archive. */
export interface ZipEntry {
  readonly name: string;
  /** Bytes in the archive. */
  readonly packed: number;
  /** Bytes on disk. */
  readonly size: number;
  read(): Buffer;
}

const END = 0x06054b50;
const ENTRY = 0x02014b50;

/** The files of a zip archive, from its central directory. Throws where the file is no zip. */
export function readZip(file: string): ZipEntry[] {
  const zip = fs.readFileSync(file);
  let end = zip.length - 22;
  while (end >= 0 && zip.readUInt32LE(end) !== END) end--;
  if (end < 0) throw new Error(`${file} is no zip archive: it has no directory at its end.`);
  const entries: ZipEntry[] = [];
  let at = zip.readUInt32LE(end + 16);
  for (let i = zip.readUInt16LE(end + 10); i > 0; i--) {
    if (zip.readUInt32LE(at) !== ENTRY) throw new Error(`${file} is damaged: no entry at ${at}.`);
    const method = zip.readUInt16LE(at + 10);
    const packed = zip.readUInt32LE(at + 20);
    const size = zip.readUInt32LE(at + 24);
    const [nameLength, extra, comment] = [
      zip.readUInt16LE(at + 28),
      zip.readUInt16LE(at + 30),
      zip.readUInt16LE(at + 32),
    ];
    const local = zip.readUInt32LE(at + 42);
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    const read = (): Buffer => {
      const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
      const data = zip.subarray(start, start + packed);
      return method === 0 ? Buffer.from(data) : zlib.inflateRawSync(data);
    };
    if (!name.endsWith('/')) entries.push({ name, packed, size, read });
    at += 46 + nameLength + extra + comment;
  }
  return entries;
}
