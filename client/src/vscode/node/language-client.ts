import type { ChildProcess } from 'node:child_process';
import type * as vscode from 'vscode';
import { IPCMessageReader, IPCMessageWriter, LanguageClient } from 'vscode-languageclient/node';
import { connectServer, type Server, type ServerAccess, type ServerEvents } from '../language-client.ts';

/** Connects to a language server in a process of its own. @param spawn starts it; called again after each crash */
export function connectToProcess(
  spawn: () => ChildProcess,
  log: vscode.LogOutputChannel,
  events: ServerEvents,
): Promise<Server> {
  const access: ServerAccess = {
    create: (id, name, transports, options) => new LanguageClient(id, name, transports, options),
    link: () => {
      const child = spawn();
      return {
        reader: new IPCMessageReader(child),
        writer: new IPCMessageWriter(child),
        end(grace) {
          const timer = setTimeout(() => child.kill(), grace);
          child.once('exit', () => clearTimeout(timer));
        },
      };
    },
  };
  return connectServer(access, log, events);
}
