import type * as vscode from 'vscode';
import { BrowserMessageReader, BrowserMessageWriter, LanguageClient } from 'vscode-languageclient/browser';
import { connectServer, type Server, type ServerAccess, type ServerEvents } from '../language-client.ts';

/** A client that tells the log what goes wrong, and shows nothing: what a user has to know the extension says. */
class QuietClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}

/** Connects to a language server in a worker of its own. */
export function connectToWorker(
  started: Promise<Worker>,
  log: vscode.LogOutputChannel,
  events: ServerEvents,
): Promise<Server> {
  const access: ServerAccess = {
    create: (id, name, transports, options) => new QuietClient(id, name, transports, options),
    link: async () => {
      const worker = await started;
      return {
        reader: new BrowserMessageReader(worker),
        writer: new BrowserMessageWriter(worker),
        end: (grace) => void setTimeout(() => worker.terminate(), grace),
      };
    },
  };
  return connectServer(access, log, events);
}
