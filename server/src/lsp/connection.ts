import {
  createConnection,
  createProtocolConnection,
  type Connection,
  type MessageReader,
  type MessageWriter,
  type WatchDog,
} from 'vscode-languageserver';
import { SessionGuard } from './guard.ts';

/** A connection over any transport. The watch dog ends the process, where there is one to end. */
export function connect(reader: MessageReader, writer: MessageWriter, watchDog: WatchDog): Connection {
  const guard = new SessionGuard(reader, writer);
  return createConnection((logger) => createProtocolConnection(guard, writer, logger), watchDog);
}
