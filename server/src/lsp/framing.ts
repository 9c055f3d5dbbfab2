import type { Readable, Writable } from 'node:stream';
import {
  AbstractMessageReader,
  AbstractMessageWriter,
  type DataCallback,
  type Disposable,
  type Message,
  type MessageReader,
  type MessageWriter,
} from 'vscode-languageserver';
import { MessageEncoder } from './pieces.ts';

/**
 * Messages over a pair of streams, as the protocol frames them: a header with the length in bytes, a blank line, the
 * body in UTF-8. The library's own pair writes header and body apart and decodes in several turns of the event loop;
 * at a keystroke that is a good part of the answer's time.
 */

const HEADER_END = Buffer.from('\r\n\r\n');

/** Reads messages from a stream. A body that is no JSON is told as an error, and the next message is read. */
export class FrameReader extends AbstractMessageReader implements MessageReader {
  readonly #stream: Readable;
  /** What came and is no whole message yet; put together only once it can be one. */
  #chunks: Buffer[] = [];
  #size = 0;
  /** Bytes of the body that is being read; undefined while the header is. */
  #length: number | undefined;

  constructor(stream: Readable) {
    super();
    this.#stream = stream;
  }

  listen(callback: DataCallback): Disposable {
    const take = (chunk: Buffer): void => this.#take(chunk, callback);
    const close = (): void => this.fireClose();
    const fail = (error: Error): void => this.fireError(error);
    this.#stream.on('data', take).on('end', close).on('close', close).on('error', fail);
    return {
      dispose: () => {
        this.#stream.off('data', take).off('end', close).off('close', close).off('error', fail);
      },
    };
  }

  #take(chunk: Buffer, callback: DataCallback): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    for (;;) {
      if (this.#length === undefined && !this.#readHeader()) return;
      const length = this.#length ?? 0;
      if (this.#size < length) return;
      const all = this.#joined();
      const body = all.toString('utf8', 0, length);
      this.#rest(all, length);
      this.#length = undefined;
      const message = this.#parse(body);
      if (message) callback(message);
    }
  }

  #readHeader(): boolean {
    const all = this.#joined();
    const end = all.indexOf(HEADER_END);
    if (end < 0) return false;
    const length = /content-length:\s*(\d+)/i.exec(all.toString('latin1', 0, end))?.[1];
    this.#rest(all, end + HEADER_END.length);
    if (length === undefined) this.fireError(new Error('A message came without its length.'));
    this.#length = Number(length ?? 0);
    return true;
  }

  #joined(): Buffer {
    const [first, ...more] = this.#chunks;
    const all = first && more.length === 0 ? first : Buffer.concat(this.#chunks);
    this.#chunks = [all];
    return all;
  }

  #rest(all: Buffer, from: number): void {
    const rest = all.subarray(from);
    this.#chunks = rest.length > 0 ? [rest] : [];
    this.#size = rest.length;
  }

  #parse(body: string): Message | undefined {
    try {
      return body === '' ? undefined : (JSON.parse(body) as Message);
    } catch (error) {
      this.fireError(error);
      return undefined;
    }
  }
}

const lengthOf = (parts: readonly Buffer[]): number => parts.reduce((sum, part) => sum + part.length, 0);

/** Writes messages to a stream, each in one piece. */
export class FrameWriter extends AbstractMessageWriter implements MessageWriter {
  readonly #stream: Writable;
  readonly #encoder = new MessageEncoder<Buffer>((text) => Buffer.from(text));
  /** What long messages are put together in, one at a time: making so much room anew for each costs more than filling it. */
  #room = Buffer.alloc(0);
  #roomIsTaken = false;
  #errors = 0;

  constructor(stream: Writable) {
    super();
    this.#stream = stream;
    stream.on('error', (error) => this.fireError(error, undefined, ++this.#errors));
    stream.on('close', () => this.fireClose());
  }

  /** Resolves when the stream took the message; a stream that broke is told through `onError`. */
  write(message: Message): Promise<void> {
    const parts = this.#encoder.parts(message);
    const head = Buffer.from(`Content-Length: ${lengthOf(parts)}\r\n\r\n`);
    const frame = [head, ...parts];
    return new Promise((resolve) => {
      if (parts.length === 1 || this.#roomIsTaken) {
        this.#stream.write(Buffer.concat(frame), () => resolve());
        return;
      }
      this.#roomIsTaken = true;
      this.#stream.write(this.#together(frame), () => {
        this.#roomIsTaken = false;
        resolve();
      });
    });
  }

  #together(parts: readonly Buffer[]): Buffer {
    const length = lengthOf(parts);
    if (this.#room.length < length) this.#room = Buffer.allocUnsafeSlow(length * 2);
    let at = 0;
    for (const part of parts) at += part.copy(this.#room, at);
    return this.#room.subarray(0, at);
  }

  end(): void {
    this.#stream.end();
  }
}
