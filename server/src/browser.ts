import { BrowserMessageReader, BrowserMessageWriter, type WatchDog } from 'vscode-languageserver/browser';
import { connect } from './lsp/connection.ts';
import { startServer } from './lsp/server.ts';

declare const self: DedicatedWorkerGlobalScope;

/** A worker ends when its page ends it. */
const watchDog: WatchDog = {
  shutdownReceived: false,
  initialize: () => undefined,
  exit: () => {
    self.close();
  },
};

const connection = connect(new BrowserMessageReader(self), new BrowserMessageWriter(self), watchDog);
// A worker reaches no files: what the plan knows are the documents that are open.
startServer(connection, {
  version: 'browser',
  filesOf: () => ({ read: () => Promise.resolve(undefined), list: () => Promise.resolve([]) }),
});
connection.listen();
