import type * as vscode from 'vscode';
import type { ApplicationStatus } from '../sync/status-model.ts';
import type { EditorSettings } from '../sync/editor-settings.ts';
import type { ApplicationEvent } from '../sync/argocd/apply-application.ts';
import type { Server, ServerEvents } from './language-client.ts';
import type { OperationStore } from '../sync/recorder.ts';
import type { Contexts } from './sync/choose.ts';
import type { KubeconfigChoice } from './sync/surroundings.ts';
import type { Run, RunHandlers, RunRequest } from './sync/run.ts';

/** Connects to the language server that was started. Rejects where it does not answer. */
export type Connect = (log: vscode.LogOutputChannel, events: ServerEvents) => Promise<Server>;

/** Which application's status is asked for. */
export interface StatusRequest {
  readonly application: string;
  /** Path of its source within the folder, with `/`. */
  readonly path: string;
  readonly kubeconfig: KubeconfigChoice;
  /** Kube context; empty: as the kubeconfig says. */
  readonly kubeContext: string;
  /** Of the folder. */
  readonly settings: EditorSettings;
}

/** Which Application is applied, and where. */
export interface ApplyRequest {
  /** Path within the folder, with `/`. */
  readonly file: string;
  /** Kube context. */
  readonly context: string;
  readonly kubeconfig: KubeconfigChoice;
  /** Of the folder. */
  readonly settings: EditorSettings;
}

/** What differs between the desktop, where the extension runs in Node, and the browser, where it runs in a worker. */
export interface Platform {
  /**
   * Starts a language server; what is answered connects to it.
   * @param onOutput what it writes beside the protocol
   */
  startServer(context: vscode.ExtensionContext, onOutput: (text: string) => void): Connect;
  /**
   * Kube contexts that a sync of a folder may go to. They are read from files alone: no credential plugin is run, and no
   * cluster is asked.
   * @param folder undefined: a window without one
   */
  contexts(folder: vscode.Uri | undefined, kubeconfig: KubeconfigChoice): Contexts;
  /** Starts a run of an application of a folder. */
  startRun(context: vscode.ExtensionContext, folder: vscode.Uri, request: RunRequest, handlers: RunHandlers): Run;
  /** Starts applying the Application of a file of a folder to a context; absent where no cluster can be reached. */
  applyApplication?(
    context: vscode.ExtensionContext,
    folder: vscode.Uri,
    what: ApplyRequest,
    handlers: RunHandlers<ApplicationEvent>,
  ): Run;
  /** Where the syncs are kept that the editor starts; absent where it can start none. @param message told what cannot be read */
  operations?(context: vscode.ExtensionContext, message: (text: string) => void): Promise<OperationStore>;
  /** How an application of a folder stands in the active context; absent where no cluster can be reached. Reads only. */
  status?(context: vscode.ExtensionContext, folder: vscode.Uri, request: StatusRequest): Promise<ApplicationStatus>;
  /** The machine in words, for an issue: `linux x64, Node 24.1.0`. */
  readonly machine: string;
}
