import * as vscode from 'vscode';

/** The person went back to the question before. */
export const BACK = Symbol('back');

export interface PickOptions<T extends vscode.QuickPickItem> {
  readonly title: string;
  readonly placeholder: string;
  readonly items: Promise<readonly T[]>;
  /** Shown until `items` are there. */
  readonly atOnce?: readonly T[];
  /** The question is not the first one: a button leads back. */
  readonly back?: boolean;
  /** Entries for what was typed; absent: those of `items` that match it. */
  readonly typed?: (value: string, items: readonly T[]) => readonly T[];
}

/**
 * One question of several. Undefined: the person thought better of it, by Escape or by going elsewhere.
 * Rejects where the items cannot be had.
 */
export function pick<T extends vscode.QuickPickItem>(options: PickOptions<T>): Promise<T | typeof BACK | undefined> {
  const { title, placeholder, items, atOnce = [], back = false, typed } = options;
  const picker = vscode.window.createQuickPick<T>();
  picker.title = title;
  picker.placeholder = placeholder;
  picker.matchOnDescription = true;
  picker.buttons = back ? [vscode.QuickInputButtons.Back] : [];
  picker.busy = true;
  let found = atOnce;
  const show = (): void => {
    picker.items = typed ? typed(picker.value, found) : found;
  };
  show();
  picker.show();
  return new Promise((resolve, reject) => {
    const end = (answer: T | typeof BACK | undefined): void => {
      resolve(answer);
      picker.hide();
    };
    picker.onDidAccept(() => {
      const [chosen] = picker.activeItems;
      if (chosen) end(chosen);
    });
    picker.onDidTriggerButton(() => end(BACK));
    picker.onDidHide(() => {
      resolve(undefined);
      picker.dispose();
    });
    if (typed) picker.onDidChangeValue(show);
    items.then(
      (all) => {
        found = all;
        picker.busy = false;
        show();
      },
      (error: unknown) => {
        reject(error instanceof Error ? error : new Error(String(error)));
        picker.hide();
      },
    );
  });
}
