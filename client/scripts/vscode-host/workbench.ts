import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FrameLocator, Locator } from 'playwright-core';
import { Driver, launch, type WorkbenchOptions } from './driver.ts';
import type { Server } from './server.ts';

/** VS Code in a headless browser, driven as a person would: palette, keyboard, mouse. */
export class Workbench extends Driver {
  /** Opens the server's workspace and waits until the workbench is restored. */
  static async open(server: Server, options: WorkbenchOptions): Promise<Workbench> {
    return new Workbench(await launch(server, options));
  }

  #quickInput(): Locator {
    return this.page.locator('.quick-input-widget .quick-input-box input');
  }

  quickPickRows(): Promise<string[]> {
    return this.page.locator('.quick-input-widget:visible .monaco-list-row').allInnerTexts();
  }

  /** Picks the entry of the open quick input that has this text. */
  async pick(text: string | RegExp): Promise<void> {
    const row = this.page.locator('.quick-input-widget .monaco-list-row').filter({ hasText: text }).first();
    await row.waitFor();
    // A click on a row that is drawn anew meanwhile is lost: a person who sees the same rows clicks again.
    await this.until(`"${text}" picked`, async () => {
      const rows = async (): Promise<string> => (await this.quickPickRows()).join('\n');
      const before = await rows();
      if (!(await succeeds(row.click({ timeout: 2000 })))) return !(await row.isVisible());
      for (let look = 0; look < 15; look++) {
        if ((await rows()) !== before) return true;
        await sleep(100);
      }
      return false;
    });
    await this.#pointerAway();
  }

  /** The pointer rests where nothing shows a hover of its own. */
  async #pointerAway(): Promise<void> {
    await this.page.mouse.move(2, 2);
  }

  /**
   * Opens a quick input by its key, writes into it and takes the row. The widget may take the text before it is ready
   * and then forget it, or hold rows from before a command was there: a person closes it and asks again, and so does this.
   */
  async #ask(key: string, text: string, row: string): Promise<void> {
    const found = this.page.locator('.quick-input-widget .monaco-list-row').filter({ hasText: row }).first();
    await this.until(
      `"${row}" for "${text}" in the quick input`,
      async () => {
        await this.#openQuickInput(key);
        await this.#quickInput().fill(text);
        const shown = await succeeds(found.waitFor({ timeout: 3000 }));
        if (!shown) await this.#closeQuickInput();
        return shown;
      },
      30_000,
    );
    await this.pick(row);
  }

  /** Presses a key until it opens the quick input: one that comes while a dialog or a page closes is lost. */
  async #openQuickInput(key: string): Promise<void> {
    await this.until(
      `the quick input of ${key}`,
      async () => {
        await this.page.keyboard.press(key);
        return succeeds(this.#quickInput().waitFor({ timeout: 2000 }));
      },
      30_000,
    );
  }

  async #closeQuickInput(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  }

  /** Runs a command by its title in the palette. */
  async command(title: string): Promise<void> {
    await this.#ask('F1', `>${title}`, title);
  }

  /** Titles that the palette offers for a text; closes it again. */
  async commandsFor(text: string): Promise<string[]> {
    await this.#openQuickInput('F1');
    await this.#quickInput().fill(`>${text}`);
    await sleep(500);
    const rows = await this.quickPickRows();
    await this.#closeQuickInput();
    return rows;
  }

  /** Opens a file of the workspace and puts the cursor in it. */
  async openFile(name: string): Promise<void> {
    await this.#ask('Control+P', name, path.basename(name));
    await this.page.locator(`.tab.active[data-resource-name="${path.basename(name)}"]`).waitFor();
    await this.page.locator('.editor-group-container.active .monaco-editor.focused').waitFor();
  }

  /** Puts the cursor at a line and column, both from 1. */
  async goTo(line: number, column = 1): Promise<void> {
    await this.#openQuickInput('Control+G');
    await this.#quickInput().fill(`:${line}:${column}`);
    await this.page.keyboard.press('Enter');
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  }

  /**
   * Begins a line below another one, and puts the cursor there. A key that comes while the quick input gives the focus
   * back is lost: who sees no new line presses it again.
   */
  async newLineBelow(line: number): Promise<void> {
    const status = this.page.locator('#workbench\\.parts\\.statusbar');
    const isThere = async (): Promise<boolean> => (await status.innerText()).includes(`Ln ${line + 1}, Col`);
    await this.until(
      `a new line below line ${line}`,
      async () => {
        await this.goTo(line);
        await this.press('Control+Enter');
        for (let look = 0; look < 20 && !(await isThere()); look++) await sleep(100);
        await sleep(200);
        return isThere();
      },
      30_000,
    );
  }

  /** The labels in the suggest widget; asks for it with the keyboard. */
  async completions(): Promise<string[]> {
    await this.press('Control+Space');
    const rows = this.page.locator('.suggest-widget.visible .monaco-list-row .label-name');
    await rows.first().waitFor();
    return rows.allInnerTexts();
  }

  /**
   * The text of the hover at a place, asked for with the keyboard, once it says what is expected: several have something
   * to say of one place, one after the other, and a hover that comes too early is asked for again.
   */
  async hoverAt(line: number, column: number, expected: RegExp): Promise<string> {
    await this.goTo(line, column);
    const hover = this.page.locator('.monaco-resizable-hover .monaco-hover:not(.hidden)').first();
    let text = '';
    const seen = async (): Promise<string | false> => {
      text = await hover.innerText({ timeout: 500 }).catch(() => '');
      return expected.test(text) && text;
    };
    const asked = async (): Promise<string | false> => {
      await this.press('Control+K', 'Control+I');
      return this.until('', seen, 3000).catch(() => false);
    };
    return this.until(`a hover at ${line}:${column}`, asked, 20_000).catch((error: unknown) => {
      throw new Error(`${(error as Error).message} that says ${String(expected)}; instead: ${text}`, { cause: error });
    });
  }

  /** The lines that are in sight, as the active editor shows them. */
  async editorLines(): Promise<string[]> {
    const editor = this.page.locator('.editor-group-container.active .monaco-editor').first();
    return editor.locator('.view-lines .view-line').evaluateAll((elements: LineElement[]) =>
      elements
        .map((element) => ({ top: Number.parseFloat(element.style.top), text: element.textContent ?? '' }))
        .sort((a, b) => a.top - b.top)
        .map(({ text }) => text.replaceAll('\u00a0', ' ')),
    );
  }

  /** The text of a line that is in sight, 1-based, as the active editor shows it. */
  async lineText(line: number): Promise<string> {
    return (await this.editorLines())[line - 1] ?? '';
  }

  /** What the clipboard holds, pasted into a new editor. */
  async pasted(): Promise<string[]> {
    await this.command('File: New Untitled Text File');
    await this.page.locator('.editor-group-container.active .monaco-editor.focused').waitFor();
    await this.press('Control+V');
    return this.expect(
      'what was pasted',
      () => this.editorLines(),
      (lines) => lines.join('') !== '',
    );
  }

  /** The welcome text of the side bar's view; empty where rows stand in its place. */
  async welcome(): Promise<string> {
    const [text = ''] = await this.page.locator('.sidebar .welcome-view-content:visible').allInnerTexts();
    return text;
  }

  /** Clicks a button of the side bar's welcome text. */
  async welcomeButton(text: string): Promise<void> {
    await this.page.locator('.sidebar .welcome-view-content .monaco-button', { hasText: text }).first().click();
    await this.#pointerAway();
  }

  /** Clicks a button of the newest notification. */
  async answer(text: string): Promise<void> {
    await this.page.locator('.notifications-toasts .monaco-button', { hasText: text }).first().click();
    await this.#pointerAway();
  }

  /** Opens the quick fixes at the cursor and gives their titles; Enter takes the first one. */
  async quickFixes(): Promise<string[]> {
    await this.press('Control+.');
    const rows = this.page.locator('.action-widget .monaco-list-row.action');
    await rows.first().waitFor();
    return rows.allInnerTexts();
  }

  /** How many squiggles of a kind the editors show. */
  squiggles(kind: 'error' | 'warning' | 'info' | 'hint'): Promise<number> {
    return this.page.locator(`.monaco-editor .squiggly-${kind}`).count();
  }

  /** Opens a view container from the activity bar by its title. */
  async openContainer(title: string): Promise<void> {
    const tab = this.page.locator(`.activitybar .action-item:has(.action-label[aria-label^="${title}"])`).first();
    await tab.waitFor();
    const checked = await tab.evaluate((element: { classList: { contains(name: string): boolean } }) =>
      element.classList.contains('checked'),
    );
    if (!checked) await tab.click();
    await this.#pointerAway();
    await this.page.locator('.sidebar .composite.title, .sidebar .pane').first().waitFor();
  }

  /** Makes the side bar this wide, in pixels, by its edge. */
  async widenSideBar(width: number): Promise<void> {
    const box = await this.page.locator('.part.sidebar').boundingBox();
    if (!box) throw new Error('There is no side bar to make wider.');
    await this.page.mouse.move(box.x + box.width, box.y + box.height / 2);
    await this.page.mouse.down();
    await this.page.mouse.move(box.x + width, box.y + box.height / 2, { steps: 5 });
    await this.page.mouse.up();
    await this.#pointerAway();
  }

  /** The rows of the side bar's tree: label and description, from top to bottom. A row that is not filled yet is none. */
  async treeRows(): Promise<{ label: string; description: string; level: number }[]> {
    const rows = this.page.locator('.sidebar .pane-body .monaco-list-row[aria-level]');
    return rows.evaluateAll((elements: TreeRowElement[]) =>
      elements.map((element) => ({
        label: element.querySelector('.label-name')?.textContent ?? '',
        description: element.querySelector('.label-description')?.textContent ?? '',
        level: Number(element.getAttribute('aria-level')),
      })),
    );
  }

  /** What a screen reader says of the rows of the side bar's tree. */
  async rowLabels(): Promise<string[]> {
    const rows = this.page.locator('.sidebar .pane-body .monaco-list-row');
    return rows.evaluateAll((elements: TreeRowElement[]) =>
      elements.map((element) => element.getAttribute('aria-label') ?? ''),
    );
  }

  /** The first row of the side bar's tree with this label. */
  row(label: string): Locator {
    const name = this.page.locator('.label-name').getByText(label, { exact: true });
    return this.page.locator('.sidebar .pane-body .monaco-list-row').filter({ has: name }).first();
  }

  /** Clicks a row of the side bar's tree: opens or folds it where there are rows below. */
  async clickRow(text: string): Promise<void> {
    await this.row(text).click();
    await this.#pointerAway();
  }

  /** Folds an opened row by its twistie. */
  async foldRow(text: string): Promise<void> {
    await this.row(text).locator('.monaco-tl-twistie').click();
    await this.#pointerAway();
  }

  /** Drags a row onto another one, as a hand does: in steps, with a rest before it lets go. */
  async dragRow(from: string, to: string): Promise<void> {
    const [start, end] = await Promise.all([this.row(from).boundingBox(), this.row(to).boundingBox()]);
    if (!start || !end) throw new Error(`There is no row ${from}, or none ${to}.`);
    await this.page.mouse.move(start.x + 120, start.y + start.height / 2);
    await this.page.mouse.down();
    await this.page.mouse.move(end.x + 120, end.y + end.height / 2, { steps: 12 });
    await sleep(300);
    await this.page.mouse.move(end.x + 122, end.y + end.height / 2);
    await this.page.mouse.up();
    await this.#pointerAway();
  }

  /** Takes an entry of the side bar view's menu, through its submenus. */
  async viewMenu(...entries: readonly string[]): Promise<void> {
    const more = this.page.locator('.sidebar .composite.title .action-label[aria-label^="Views and More Actions"]');
    await this.#menu(() => more.click(), entries);
  }

  /** Takes an entry of a row's context menu, through its submenus. */
  async rowMenu(row: string, ...entries: readonly string[]): Promise<void> {
    const open = async (): Promise<void> => {
      await this.#rowsAtRest();
      await this.row(row).click({ button: 'right' });
    };
    await this.#menu(open, entries);
  }

  /** Resolves when no rows come or go: those that do would be under the pointer in place of the one that is meant. */
  async #rowsAtRest(): Promise<void> {
    const names = (): Promise<string[]> =>
      this.page.locator('.sidebar .pane-body .monaco-list-row .label-name').allInnerTexts();
    await this.until(
      'the rows at rest',
      async () => {
        const before = await names();
        await sleep(200);
        return before.join('\n') === (await names()).join('\n');
      },
      30_000,
    );
  }

  /** A menu that goes before its entry is clicked, as when its row is drawn anew, is opened again. */
  async #menu(open: () => Promise<void>, entries: readonly string[]): Promise<void> {
    await this.until(
      `"${entries.join(' › ')}" taken from the menu`,
      async () => {
        await open();
        if (await this.#takeEntry(entries)) return true;
        await this.press('Escape');
        return false;
      },
      30_000,
    );
    await this.#pointerAway();
  }

  async #takeEntry(entries: readonly string[]): Promise<boolean> {
    const items = entries.map((entry) =>
      this.page
        .locator('.monaco-menu .action-item')
        .filter({ has: this.page.locator(`.action-menu-item > .action-label[aria-label="${entry}"]`) })
        .last(),
    );
    const last = items.pop();
    for (const item of items) if (!(await succeeds(item.hover({ timeout: 3000 })))) return false;
    // A menu takes no click in its first moments: a person clicks again.
    for (let click = 0; last && click < 10; click++) {
      if (!(await succeeds(last.click({ timeout: 3000 })))) return false;
      if (await succeeds(last.waitFor({ state: 'hidden', timeout: 500 }))) return true;
    }
    return false;
  }

  /** The texts of the notifications on screen. */
  notifications(): Promise<string[]> {
    return this.page.locator('.notifications-toasts .notification-list-item-message').allInnerTexts();
  }

  /** The inside of the newest webview. */
  webview(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready').last().frameLocator('#active-frame');
  }
}

const succeeds = (done: Promise<void>): Promise<boolean> =>
  done.then(
    () => true,
    () => false,
  );

/** The part of the DOM's Element that the page's code above uses; scripts are not compiled with the DOM's types. */
interface TreeRowElement {
  querySelector(selector: string): { readonly textContent: string | null } | null;
  getAttribute(name: string): string | null;
}

/** The part of an HTMLElement that reading a line uses. */
interface LineElement {
  readonly style: { readonly top: string };
  readonly textContent: string | null;
}
