import * as vscode from 'vscode';
import type { ApplicationView } from './node.ts';
import { PLAN_PARTS, type Shown } from './shown.ts';
import type { PlanState } from './store.ts';

/** Why the view is empty, or that it is not: the welcome texts of package.json ask for it. */
export type ViewState = PlanState | 'disabled' | 'unordered' | 'unmatched' | 'same';

interface Counted {
  readonly all: readonly ApplicationView[];
  readonly views: readonly ApplicationView[];
  readonly filtered: { readonly matched: number } | undefined;
  /** Rows of what is different, where that is shown. */
  readonly compared: readonly unknown[] | undefined;
}

export function viewState(state: PlanState, { all, views, filtered, compared }: Counted): ViewState {
  if (state === 'empty' && isSwitchedOff()) return 'disabled';
  if (state !== 'ready') return state;
  if (compared) return compared.length === 0 ? 'same' : state;
  if (all.length > 0 && views.length === 0) return 'unordered';
  return filtered?.matched === 0 ? 'unmatched' : state;
}

/** An empty view where every folder is switched off says so. */
function isSwitchedOff(): boolean {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const enabled = (folder: vscode.WorkspaceFolder): boolean =>
    vscode.workspace.getConfiguration('argocdHooks', folder.uri).get('enable', true);
  return folders.length > 0 && !folders.some(enabled);
}

const told = new Map<string, unknown>();

/** Sets a context key where it is not set so already. */
export function setContext(key: string, value: unknown): void {
  if (told.get(key) === value) return;
  told.set(key, value);
  void vscode.commands.executeCommand('setContext', `argocdHooks.${key}`, value);
}

/** What titles, menus and welcome texts depend on. */
export function setContexts(shown: Shown, state: ViewState, finished: boolean): void {
  setContext('planState', state);
  setContext('finished', finished);
  setContext('filtered', shown.filter !== '');
  setContext('onlyOrdered', shown.onlyOrdered);
  for (const part of PLAN_PARTS) setContext(`shows.${part}`, shown.parts.includes(part));
  setContext('showsOne', shown.parts.length === 1);
}
