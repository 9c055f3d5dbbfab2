import * as vscode from 'vscode';
import { PROBLEM_WORD } from './filter.ts';
import { withPart, type PlanPart } from './shown.ts';
import type { PlanView } from './view.ts';

type Commands = Readonly<Record<string, (...args: never[]) => unknown>>;

/** Commands about what the plan view shows. */
export function viewCommands(view: PlanView): Commands {
  const part = (one: PlanPart, on: boolean) => () => view.show(withPart(view.shown, one, on));
  return {
    showSync: part('sync', true),
    hideSync: part('sync', false),
    showSyncFail: part('syncFail', true),
    hideSyncFail: part('syncFail', false),
    showDelete: part('delete', true),
    hideDelete: part('delete', false),
    showOrderedOnly: () => view.show({ ...view.shown, onlyOrdered: true }),
    showAllApplications: () => view.show({ ...view.shown, onlyOrdered: false }),
    filterPlan: () => askForFilter(view),
    clearPlanFilter: () => view.show({ ...view.shown, filter: '' }),
  };
}

/** Asks for the filter; the rows follow while it is typed, and go back where it is given up. */
async function askForFilter(view: PlanView): Promise<void> {
  const before = view.shown.filter;
  const input = vscode.window.createInputBox();
  input.title = 'Filter Plan';
  input.placeholder = `Name, kind, phase, wave or file; ${PROBLEM_WORD} for rows with problems`;
  input.prompt = 'Rows that hold every word stay. Empty: all rows.';
  input.value = before;
  input.ignoreFocusOut = false;
  const set = (filter: string): void => view.show({ ...view.shown, filter: filter.trim() });
  await new Promise<void>((resolve) => {
    let accepted = false;
    input.onDidChangeValue(set);
    input.onDidAccept(() => {
      accepted = true;
      input.hide();
    });
    input.onDidHide(() => {
      set(accepted ? input.value : before);
      input.dispose();
      resolve();
    });
    input.show();
  });
}
