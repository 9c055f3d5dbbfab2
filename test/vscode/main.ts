// Drives the packaged extension in a real VS Code workbench, as a person would. Writes a report for `npm test`;
// pictures are kept in artifacts/screenshots.
//
//   node test/vscode/main.ts [--vsix FILE] [--report FILE] [--only SESSION]
//   node test/vscode/main.ts --argocd JSON         on a real cluster with Argo CD's Applications
//   node test/vscode/main.ts --cluster JSON        on a real cluster alone; npm run test:cluster does this
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ARTIFACTS } from '../../client/scripts/lib/paths.ts';
import { packageVsix } from '../../client/scripts/lib/vsix.ts';
import { installChromium, installHost } from '../../client/scripts/vscode-host/install.ts';
import { startServer } from '../../client/scripts/vscode-host/server.ts';
import { Workbench } from '../../client/scripts/vscode-host/workbench.ts';
import { argocd, missingNamespace, type ArgoCluster } from './argocd.ts';
import { browser, virtual } from './browser.ts';
import { comparing } from './comparing.ts';
import { contexts } from './contexts.ts';
import { highContrast, highContrastLight } from './contrast.ts';
import { editing } from './editing.ts';
import { empty, noFolder, unordered } from './first-steps.ts';
import { history } from './history.ts';
import { language } from './language.ts';
import { large } from './large.ts';
import { multiRoot } from './multi-root.ts';
import { onCluster, onClusterLimited, type OnCluster } from './on-cluster.ts';
import { panel } from './panel.ts';
import { planTexts } from './plan-texts.ts';
import { rendering, untrustedRendering } from './rendering.ts';
import { onClusterCutOff } from './resuming.ts';
import type { Session } from './scenario.ts';
import { several } from './several.ts';
import { simulating } from './simulating.ts';
import { syncing } from './syncing.ts';
import { timeline, timelineHighContrast } from './timeline.ts';
import { untrusted } from './untrusted.ts';

const PICTURES = path.join(ARTIFACTS, 'screenshots');

interface Report {
  readonly passed: string[];
  readonly failed: string[];
}

const { values } = parseArgs({
  options: {
    vsix: { type: 'string' },
    report: { type: 'string' },
    only: { type: 'string' },
    cluster: { type: 'string' },
    argocd: { type: 'string' },
  },
});

const cluster = values.cluster === undefined ? undefined : (JSON.parse(values.cluster) as OnCluster);
const argo = values.argocd === undefined ? undefined : (JSON.parse(values.argocd) as ArgoCluster);
const sessions: readonly Session[] = argo
  ? [argocd(argo), missingNamespace(argo)]
  : cluster
    ? [onCluster(cluster), onClusterLimited(cluster), onClusterCutOff(cluster)]
    : [
        editing,
        language,
        syncing,
        contexts,
        history,
        simulating,
        several,
        noFolder,
        empty,
        unordered,
        untrusted,
        rendering,
        untrustedRendering,
        multiRoot,
        panel,
        planTexts,
        large,
        highContrast,
        highContrastLight,
        comparing,
        timeline,
        timelineHighContrast,
        browser,
        virtual,
      ];

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** All that helps to see why a scenario failed: the picture, and what the extension wrote to its log. */
async function explain(workbench: Workbench, name: string, error: unknown): Promise<void> {
  const picture = await workbench.picture(`failed-${name.replaceAll(/\W+/g, '-')}`).catch(() => 'none');
  const indented = (text: string): string => text.replaceAll('\n', '\n    ');
  console.log(`  ✗ ${name}\n    ${indented(reason(error))}\n    picture: ${picture}`);
  const logs = path.join(workbench.server.profile, 'user/logs');
  for (const file of fs.globSync('**/*Argo CD Hooks*.log', { cwd: logs })) {
    const lines = fs.readFileSync(path.join(logs, file), 'utf8').trimEnd().split('\n');
    console.log(`    log:\n    ${indented(lines.slice(-20).join('\n'))}`);
  }
}

async function runSession(session: Session, vsix: string, report: Report): Promise<void> {
  const host = await installHost();
  const chromium = await installChromium();
  const extensions = [...(session.extensions ?? []), vsix];
  const server = await startServer(host, { ...session.server, folder: session.folder, extensions });
  let workbench: Workbench | undefined;
  try {
    workbench = await Workbench.open(server, { chromium, pictures: PICTURES });
    let broken = false;
    for (const scenario of session.scenarios) {
      const name = `${session.name}: ${scenario.name}`;
      if (broken) {
        report.failed.push(`${name}: not run, because the one before it failed`);
        continue;
      }
      const started = performance.now();
      try {
        await scenario.run(workbench);
        report.passed.push(name);
        console.log(`  ✓ ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
      } catch (error) {
        broken = true;
        report.failed.push(`${name}: ${reason(error).split('\n')[0] ?? ''}`);
        await explain(workbench, name, error);
      }
    }
  } finally {
    await workbench?.close();
    await server.stop();
  }
}

const report: Report = { passed: [], failed: [] };
const vsix = values.vsix ?? (await packageVsix());
for (const session of sessions) {
  if (values.only !== undefined && values.only !== session.name) continue;
  try {
    await runSession(session, vsix, report);
  } catch (error) {
    report.failed.push(`${session.name}: the workbench could not be opened: ${reason(error)}`);
    console.log(`  ✗ ${report.failed.at(-1)}`);
  }
}
if (values.report !== undefined) {
  fs.mkdirSync(path.dirname(values.report), { recursive: true });
  fs.writeFileSync(values.report, JSON.stringify(report, undefined, 2));
}
console.log(`workbench: ${report.passed.length} passed, ${report.failed.length} failed`);
process.exit(report.failed.length === 0 && report.passed.length > 0 ? 0 : 1);
