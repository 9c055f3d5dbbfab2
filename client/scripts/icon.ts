// Draws the extension's icon (client/media/icon.png, 128 × 128) from the symbol of the activity bar. Run by hand when
// the symbol changes: node client/scripts/icon.ts
import fs from 'node:fs';
import { chromium } from 'playwright-core';
import { inRoot } from './lib/paths.ts';
import { installChromium } from './vscode-host/install.ts';
import { CHROMIUM_FLAGS } from './vscode-host/settings.ts';

const SIZE = 128;
const symbol = fs.readFileSync(inRoot('client/media/argocd-hooks.svg'), 'utf8');
const page = `<body style="margin:0;background:transparent">
  <div style="box-sizing:border-box;width:${SIZE}px;height:${SIZE}px;padding:18px;border-radius:26px;
    background:linear-gradient(160deg,#1f6fb2,#0b2942)">${symbol.replace(/width="24" height="24"/, 'width="92" height="92"')}</div>
</body>`;

const browser = await chromium.launch({
  executablePath: await installChromium(),
  headless: true,
  args: [...CHROMIUM_FLAGS],
});
const tab = await browser.newPage({ viewport: { width: SIZE, height: SIZE } });
await tab.setContent(page);
await tab.screenshot({ path: inRoot('client/media/icon.png'), omitBackground: true });
await browser.close();
