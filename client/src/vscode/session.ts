import type * as vscode from 'vscode';
import type { Server } from './language-client.ts';
import type { PlanStore } from './plan/store.ts';
import type { PlanView } from './plan/view.ts';
import type { Platform } from './platform.ts';
import type { LogDocuments } from './sync/log-documents.ts';

/** What the extension holds while it is active. */
export interface Session {
  readonly platform: Platform;
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly store: PlanStore;
  readonly view: PlanView;
  /** What hooks write, as documents. */
  readonly logs: LogDocuments;
  /** Plans, or runs laid over them, are not what they were. */
  readonly onDidChangePlans: vscode.Event<void>;
  /** The language server, once it runs. */
  server: Server | undefined;
  /** Starts the language server, or starts it anew. */
  restart(): Promise<void>;
  /** Ends what runs; set once a sync was first asked for. */
  endRuns?: () => void;
}
