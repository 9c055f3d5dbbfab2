import type { ChildProcess } from 'node:child_process';
import type * as vscode from 'vscode';
import { IPCMessageReader, IPCMessageWriter, LanguageClient } from 'vscode-languageclient/node';
import { connectServer, type Server, type ServerAccess, type ServerEvents } from '../language-client.ts';

/** A client that tells the log what goes wrong, and shows nothing: what a user has to know the extension says. */
class QuietClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}

/** Connects to a language server in a process of its own. */
export function connectToProcess(
  child: ChildProcess,
  log: vscode.LogOutputChannel,
  events: ServerEvents,
): Promise<Server> {
  const access: ServerAccess = {
    create: (id, name, transports, options) => new QuietClient(id, name, transports, options),
    link: () => ({
      reader: new IPCMessageReader(child),
      writer: new IPCMessageWriter(child),
      end(grace) {
        const timer = setTimeout(() => child.kill(), grace);
        child.once('exit', () => clearTimeout(timer));
      },
    }),
  };
  return connectServer(access, log, events);
}
