import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type Browser, type Page } from 'playwright-core';
import { CHROMIUM_FLAGS } from './settings.ts';
import { addressOf, type Server } from './server.ts';

export interface WorkbenchOptions {
  readonly chromium: string;
  /** Folder for screenshots. */
  readonly pictures: string;
  readonly width?: number;
  readonly height?: number;
}

/** A page of VS Code that was opened in a headless browser. */
export interface Opened {
  readonly server: Server;
  readonly browser: Browser;
  readonly page: Page;
  readonly pictures: string;
}

/** Waits until a window has come up whole. */
async function restored(page: Page): Promise<void> {
  const mark = "performance.getEntriesByName('code/LifecyclePhase/Restored').length > 0";
  await page.waitForFunction(mark, undefined, { timeout: 60_000 });
}

/** Opens the server's workspace and waits until the workbench is restored. */
export async function launch(server: Server, options: WorkbenchOptions): Promise<Opened> {
  const browser = await chromium.launch({
    executablePath: options.chromium,
    headless: true,
    args: [...CHROMIUM_FLAGS],
    env: { ...process.env, HOME: path.join(server.profile, 'home'), TMPDIR: path.join(server.profile, 'tmp') },
  });
  try {
    const context = await browser.newContext({
      viewport: { width: options.width ?? 1280, height: options.height ?? 800 },
      locale: 'en-US',
      timezoneId: 'UTC',
      reducedMotion: 'reduce',
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    await page.goto(addressOf(server), { timeout: 60_000 });
    await restored(page);
    return { server, browser, page, pictures: options.pictures };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

/** The page as a person has it before them: keys, looks, pictures. */
export class Driver {
  readonly page: Page;
  readonly server: Server;
  readonly #browser: Browser;
  readonly #pictures: string;

  constructor({ server, browser, page, pictures }: Opened) {
    this.server = server;
    this.page = page;
    this.#browser = browser;
    this.#pictures = pictures;
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }

  /** Loads the window anew, as after Developer: Reload Window. */
  async reload(): Promise<void> {
    await this.page.reload();
    await restored(this.page);
  }

  /** Saves NAME.png (or an absolute path) once the picture stands still, after three seconds in any case. */
  async picture(name: string): Promise<string> {
    const take = (): Promise<Buffer> => this.page.screenshot({ animations: 'disabled' });
    let last = await take();
    for (const end = Date.now() + 3000; Date.now() < end;) {
      await sleep(150);
      const next = await take();
      const still = next.equals(last);
      last = next;
      if (still) break;
    }
    const file = path.resolve(this.#pictures, name.endsWith('.png') ? name : `${name}.png`);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, last);
    return file;
  }

  /** Waits until `ask` gives something that is neither false nor empty, and gives that. Rejects naming what was not seen. */
  async until<T>(what: string, ask: () => Promise<T | undefined | false>, ms = 15_000): Promise<T> {
    for (const end = Date.now() + ms; ;) {
      const got = await ask();
      if (got !== undefined && got !== false) return got;
      if (Date.now() > end) throw new Error(`not seen within ${ms / 1000} s: ${what}`);
      await sleep(50);
    }
  }

  /** Keeps asking until the answer passes; else rejects with the last answer. */
  async expect<T>(what: string, ask: () => Promise<T>, passes: (got: T) => boolean, ms = 15_000): Promise<T> {
    let last: T | undefined;
    const seen = this.until(
      what,
      async () => {
        last = await ask();
        return passes(last) ? { got: last } : false;
      },
      ms,
    );
    try {
      return (await seen).got;
    } catch (error) {
      throw new Error(`${(error as Error).message}; instead: ${JSON.stringify(last, undefined, 1)}`, { cause: error });
    }
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text, { delay: 25 });
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }
}
