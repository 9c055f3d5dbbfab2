import assert from 'node:assert/strict';
import type { Workbench } from '../../client/scripts/vscode-host/workbench.ts';
import { planRows, simulateFirstInstall, type Session } from './scenario.ts';
import { configMap, manifest, workspace } from './workspace.ts';

const FOLDER = workspace({
  'migrate.yaml': manifest('batch/v1', 'Job', 'migrate', ['argocd.argoproj.io/hook: PreSync']),
  'seed.yaml': manifest('batch/v1', 'Job', 'seed', ['argocd.argoproj.io/hook: presync']),
  'settings.yaml': configMap('settings', 0),
  'feature.yaml': configMap('feature', 3),
});

/** What a part of a row is drawn in, and on. */
interface Drawn {
  readonly what: string;
  /** As CSS gives them: `rgb(255, 255, 255)`. */
  readonly color: string;
  readonly behind: string;
}

/** Label, icon and badge of each row of the plan, with their colors. */
const drawnRows = ({ page }: Workbench): Promise<Drawn[]> =>
  page.evaluate(`[...document.querySelectorAll('.sidebar .monaco-list-row')].flatMap((row) => {
    const behind = (element) => {
      for (let at = element; at; at = at.parentElement) {
        const color = getComputedStyle(at).backgroundColor;
        if (color !== 'rgba(0, 0, 0, 0)' && color !== 'transparent') return color;
      }
      return 'rgb(0, 0, 0)';
    };
    const name = row.querySelector('.label-name')?.textContent ?? '';
    const parts = [];
    const add = (what, element, pseudo) => {
      if (!element) return;
      const { color, content } = getComputedStyle(element, pseudo);
      if (pseudo && (content === 'none' || content === 'normal')) return;
      parts.push({ what: what + ' of ' + name, color, behind: behind(element) });
    };
    add('the label', row.querySelector('.label-name'));
    add('the icon', row.querySelector('.custom-view-tree-node-item-icon'), '::before');
    add('the badge', row.querySelector('.monaco-icon-label'), '::after');
    return parts;
  })`);

/** Relative luminance by WCAG 2, between 0 and 1. */
function luminance(color: string): number {
  const [r = 0, g = 0, b = 0] = (color.match(/[\d.]+/g) ?? []).map((part) => {
    const share = Number(part) / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast of two colors by WCAG 2, between 1 and 21. */
function contrast({ color, behind }: Drawn): number {
  const [light = 0, dark = 0] = [luminance(color), luminance(behind)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

/** WCAG 2: 4.5 for text, 3 for what is no text. */
const isFaint = (part: Drawn): boolean => contrast(part) < (part.what.startsWith('the icon') ? 3 : 4.5);

const inTheme = (name: string, theme: string, picture: string): Session => ({
  name,
  folder: FOLDER,
  server: { settings: { 'workbench.colorTheme': theme } },
  scenarios: [
    {
      name: 'labels, icons and badges of the plan stand out',
      run: async (workbench) => {
        await workbench.openContainer('Argo CD Hooks');
        await workbench.widenSideBar(520);
        await workbench.expect(
          'the plan',
          () => planRows(workbench),
          (rows) => rows.some((row) => row.includes('seed')) && rows.some((row) => row.includes('feature')),
          60_000,
        );
        const drawn = await workbench.expect(
          'a badge beside a row with a problem',
          () => drawnRows(workbench),
          (parts) => parts.some(({ what }) => what === 'the badge of seed'),
        );
        assert.ok(
          drawn.some(({ what }) => what === 'the icon of migrate'),
          JSON.stringify(drawn),
        );
        assert.deepEqual(drawn.filter(isFaint), []);
        await workbench.picture(picture);
      },
    },
    {
      name: 'the options of a preflight stand out, labels and controls',
      run: async (workbench) => {
        await simulateFirstInstall(workbench);
        const page = workbench.webview();
        await page.locator('#options summary').click();
        const drawn: Drawn[] = await page.locator('body')
          .evaluate(`[...document.querySelectorAll('#options *')].flatMap((part) => {
          const behind = getComputedStyle(document.body).backgroundColor;
          const { color, borderTopColor } = getComputedStyle(part);
          if (part.matches('label, .title, .help')) return [{ what: part.textContent, color, behind }];
          return part.matches('input') ? [{ what: 'the icon ' + part.id, color: borderTopColor, behind }] : [];
        })`);
        assert.ok(drawn.length > 20, JSON.stringify(drawn));
        assert.deepEqual(drawn.filter(isFaint), []);
        await page.getByLabel('Prune', { exact: true }).check();
        await workbench.expect('an up-to-date page', () => page.locator('#answer-confirm').isEnabled(), Boolean);
        await workbench.picture(`${picture}-preflight`);
        await page.locator('#answer-refuse').click();
      },
    },
  ],
});

export const highContrast = inTheme('high contrast', 'Default High Contrast', 'high-contrast');
export const highContrastLight = inTheme('high contrast, light', 'Default High Contrast Light', 'high-contrast-light');
