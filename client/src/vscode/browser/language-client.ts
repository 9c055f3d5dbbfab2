import type * as vscode from 'vscode';
import { BrowserMessageReader, BrowserMessageWriter, LanguageClient } from 'vscode-languageclient/browser';
import { connectServer, type Server, type ServerAccess, type ServerEvents } from '../language-client.ts';

/** Connects to a language server in a worker of its own. @param start starts it; called again after each crash */
export function connectToWorker(
  start: () => Promise<Worker>,
  log: vscode.LogOutputChannel,
  events: ServerEvents,
): Promise<Server> {
  const access: ServerAccess = {
    create: (id, name, transports, options) => new LanguageClient(id, name, transports, options),
    link: async () => {
      const worker = await start();
      return {
        reader: new BrowserMessageReader(worker),
        writer: new BrowserMessageWriter(worker),
        end: (grace) => void setTimeout(() => worker.terminate(), grace),
      };
    },
  };
  return connectServer(access, log, events);
}
