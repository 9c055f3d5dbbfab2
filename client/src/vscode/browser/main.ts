import * as vscode from 'vscode';
import { end, start } from '../extension.ts';
import { nameOf, treeOf } from '../files.ts';
import type { Platform } from '../platform.ts';
import { startSimulatedRun } from '../sync/simulated-run.ts';
import { connectToWorker } from './language-client.ts';
import { startServerWorker } from './server-worker.ts';

/** The browser: the extension runs in a worker, the language server in another one. There are no processes. */
const platform: Platform = {
  startServer(context, onOutput) {
    const script = vscode.Uri.joinPath(context.extensionUri, 'dist/web/server.js');
    const worker = startServerWorker(script, onOutput);
    // Told where it is connected to.
    worker.catch(() => undefined);
    return (log, events) => connectToWorker(worker, log, events);
  },
  contexts: () => ({
    unreachable: 'A browser reaches no cluster: sync to one from VS Code on the desktop, or in a remote.',
  }),
  startRun: (_context, folder, request, handlers) =>
    startSimulatedRun(treeOf(folder), nameOf(folder), request, handlers),
  machine: `browser, ${navigator.userAgent}`,
};

/** Called by VS Code. */
export const activate = (context: vscode.ExtensionContext): void => start(platform, context);
/** Called by VS Code. */
export const deactivate = (): Promise<void> => end();
