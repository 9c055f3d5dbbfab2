import os from 'node:os';
import path from 'node:path';
import type * as vscode from 'vscode';
import { end, start } from '../extension.ts';
import { nameOf, treeOf } from '../files.ts';
import type { Platform } from '../platform.ts';
import { runEnvironment } from '../sync/environment.ts';
import { applyArguments, runArguments, startRun } from '../sync/process.ts';
import type { ApplicationEvent } from '../../sync/argocd/apply-application.ts';
import { laterRun } from './later-run.ts';
import { spawnLanguageServer } from './server-process.ts';
import { statusProcess } from './status-process.ts';

const operationsFolder = (context: vscode.ExtensionContext): string =>
  path.join(context.globalStorageUri.fsPath, 'operations');

/** The desktop, and every remote: the extension runs in Node, the language server in a process of its own. */
const platform: Platform = {
  startServer(context, onOutput) {
    const child = spawnLanguageServer(context.asAbsolutePath('dist/server.mjs'), onOutput);
    return async (log, events) => (await import('./language-client.ts')).connectToProcess(child, log, events);
  },
  contexts(folder, kubeconfig) {
    if (folder && folder.scheme !== 'file')
      return {
        unreachable: `The folder is a virtual one (${folder.scheme}): to sync it to a cluster, clone it to a disk.`,
      };
    const { explicit, surroundings } = kubeconfig;
    const env = { ...process.env, ...runEnvironment(surroundings, process.env) };
    const source = { env, home: os.homedir(), explicit };
    const files = () => import('../../kube/kubeconfig.ts');
    return {
      list: async () => (await files()).listContexts(source),
      files: async () => (await files()).kubeconfigPaths(source),
    };
  },
  startRun(context, folder, request, handlers) {
    if (folder.scheme !== 'file') {
      const simulated = import('../sync/simulated-run.ts').then(({ startSimulatedRun }) =>
        startSimulatedRun(treeOf(folder), nameOf(folder), request, handlers),
      );
      return laterRun(simulated, handlers);
    }
    const cli = context.asAbsolutePath('dist/cli.mjs');
    const args = runArguments(request, operationsFolder(context));
    const env = request.surroundings ? runEnvironment(request.surroundings, process.env) : {};
    return startRun(
      process.execPath,
      [cli, ...args],
      { cwd: folder.fsPath, env, settings: request.settings },
      handlers,
    );
  },
  async operations(context, message) {
    const { FileStore } = await import('../../cli/operation-store.ts');
    return new FileStore(operationsFolder(context), message);
  },
  status(context, folder, request) {
    return statusProcess(context.asAbsolutePath('dist/cli.mjs'), folder.fsPath, request);
  },
  applyApplication(context, folder, { file, context: kubeContext, kubeconfig, settings }, handlers) {
    const { explicit, surroundings } = kubeconfig;
    const args = [context.asAbsolutePath('dist/cli.mjs'), ...applyArguments(file, kubeContext, explicit)];
    const env = runEnvironment(surroundings, process.env);
    return startRun<ApplicationEvent>(process.execPath, args, { cwd: folder.fsPath, env, settings }, handlers);
  },
  machine: `${process.platform} ${process.arch}, Node ${process.versions.node}`,
};

/** Called by VS Code. */
export const activate = (context: vscode.ExtensionContext): void => start(platform, context);
/** Called by VS Code. */
export const deactivate = (): Promise<void> => end();
