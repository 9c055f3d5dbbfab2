import fs from 'node:fs';
import { inRoot } from '../lib/paths.ts';

/** What a first run of VS Code would show or ask, or ask of the internet, turned off; and what moves, stilled. */
export const QUIET: Readonly<Record<string, unknown>> = {
  'workbench.startupEditor': 'none',
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.reduceMotion': 'on',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'telemetry.feedback.enabled': false,
  'update.mode': 'none',
  'update.showReleaseNotes': false,
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'json.schemaDownload.enable': false,
  'npm.fetchOnlinePackageInfo': false,
  'git.enabled': false,
  'git.openRepositoryInParentFolders': 'never',
  'editor.accessibilitySupport': 'off',
  'editor.cursorBlinking': 'solid',
  'editor.minimap.enabled': false,
  'files.autoSave': 'off',
  'window.confirmBeforeClose': 'never',
};

/** Chromium without a screen, and without any address but this machine's own. */
export const CHROMIUM_FLAGS: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--font-render-hinting=none',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
];

interface Section {
  readonly properties: Readonly<Record<string, { readonly scope?: string }>>;
}

/**
 * Those of the settings that belong to the machine: a workbench that is connected to a server takes them from the
 * server's settings alone, and from the user's only until it has those.
 */
export function ofMachine(settings: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const manifest = JSON.parse(fs.readFileSync(inRoot('package.json'), 'utf8')) as {
    contributes: { configuration: readonly Section[] };
  };
  const declared = Object.assign(
    {},
    ...manifest.contributes.configuration.map(({ properties }) => properties),
  ) as Section['properties'];
  return Object.fromEntries(
    Object.entries(settings).filter(([name]) => declared[name]?.scope?.startsWith('machine') === true),
  );
}
