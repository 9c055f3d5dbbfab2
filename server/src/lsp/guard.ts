import {
  ErrorCodes,
  type DataCallback,
  type Disposable,
  type Message,
  type MessageReader,
  type MessageWriter,
  type RequestMessage,
} from 'vscode-languageserver';

/** Where a session stands: nothing but `initialize` comes first, nothing but `exit` comes after `shutdown`. */
type SessionState = 'new' | 'running' | 'shutdown';

const isRequest = (message: Message): message is RequestMessage => 'method' in message && 'id' in message;
const methodOf = (message: Message): string | undefined =>
  'method' in message && typeof message.method === 'string' ? message.method : undefined;

/**
 * A reader that keeps the order of a session: requests before `initialize` are answered with ServerNotInitialized,
 * those after `shutdown` (and a second `initialize`) with InvalidRequest, and notifications out of order are dropped.
 * The connection behind it lets all of them through.
 */
export class SessionGuard implements MessageReader {
  readonly #reader: MessageReader;
  readonly #writer: MessageWriter;
  #state: SessionState = 'new';

  constructor(reader: MessageReader, writer: MessageWriter) {
    this.#reader = reader;
    this.#writer = writer;
  }

  get onError(): MessageReader['onError'] {
    return this.#reader.onError;
  }

  get onClose(): MessageReader['onClose'] {
    return this.#reader.onClose;
  }

  get onPartialMessage(): MessageReader['onPartialMessage'] {
    return this.#reader.onPartialMessage;
  }

  listen(callback: DataCallback): Disposable {
    return this.#reader.listen((message) => {
      if (this.#admits(message)) callback(message);
    });
  }

  dispose(): void {
    this.#reader.dispose();
  }

  #admits(message: Message): boolean {
    const method = methodOf(message);
    if (method === undefined || method === 'exit') return true;
    if (!isRequest(message)) return this.#state === 'running';
    if (this.#state === 'new' && method !== 'initialize')
      return this.#refuse(message, ErrorCodes.ServerNotInitialized, 'The server is not initialized yet.');
    if (this.#state === 'shutdown') return this.#refuse(message, ErrorCodes.InvalidRequest, 'The server is shut down.');
    if (this.#state === 'running' && method === 'initialize')
      return this.#refuse(message, ErrorCodes.InvalidRequest, 'The server is initialized already.');
    if (method === 'initialize') this.#state = 'running';
    if (method === 'shutdown') this.#state = 'shutdown';
    return true;
  }

  #refuse({ id }: RequestMessage, code: number, text: string): false {
    const response = { jsonrpc: '2.0', id, error: { code, message: text } };
    void this.#writer.write(response);
    return false;
  }
}
