import { BrowserMessageReader, BrowserMessageWriter, type WatchDog } from 'vscode-languageserver/browser';
import { connect } from './lsp/connection.ts';
import { startServer } from './lsp/server.ts';

declare const self: DedicatedWorkerGlobalScope;
/** Version of the project, which the build fills in. */
declare const ARGOCD_HOOKS_VERSION: string;
const VERSION = typeof ARGOCD_HOOKS_VERSION === 'string' ? ARGOCD_HOOKS_VERSION : 'development';

/** A worker ends when its page ends it. */
const watchDog: WatchDog = {
  shutdownReceived: false,
  initialize: () => undefined,
  exit: () => {
    self.close();
  },
};

const connection = connect(new BrowserMessageReader(self), new BrowserMessageWriter(self), watchDog);
// A worker reaches no files: those of the workspace come through the client.
startServer(connection, { version: VERSION, filesOf: () => undefined });
connection.listen();
