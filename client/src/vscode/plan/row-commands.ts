import * as vscode from 'vscode';
import { taskName } from '#core/plan/query';
import { phaseTitle, waveText } from '#core/plan/words';
import type { ApplicationRef } from '#protocol';
import type { Session } from '../session.ts';
import { askAndMove } from './move.ts';
import { movingOf } from './moving.ts';
import { applicationId, type PlanNode } from './node.ts';
import { Row } from './rows.ts';
import { findRun } from './run-marks.ts';
import type { HookLog } from '../sync/hook-logs.ts';
import { canFail, type Subject } from '../sync/what-if.ts';
import { waitingFor } from './waits.ts';

type Commands = Readonly<Record<string, (...args: never[]) => unknown>>;

/** What a lens hands over: where the manifest stands. */
interface ManifestArguments {
  readonly uri: string;
  /** 0-based line of the manifest. */
  readonly line: number;
}

/** Where a command was taken: a row's menu, the editor's, a lens, a key in the view, or the palette. */
type Origin = Row | vscode.Uri | ManifestArguments | { readonly from: 'plan' } | undefined;

/** Commands about single rows, and about the manifest under the cursor. */
export function rowCommands(session: Session): Commands {
  const { view } = session;
  return {
    showInPlan: (origin: Origin) => showInPlan(session, origin),
    moveToWave: async (origin: Origin, rows?: readonly Row[]) =>
      askAndMove(session, movingOf(await chosenNodes(session, origin, rows))),
    renumberWaves: async (origin: Origin) => {
      const { renumber } = await import('./renumber.ts');
      const application = await chosenApplication(session, origin);
      if (application) await renumber(session, application);
    },
    comparePlan: async (origin: Origin) =>
      (await import('./compare-command.ts')).comparePlan(session, applicationOf(origin)),
    stopComparing: () => view.stopComparing(),
    copyPlan: async (origin: Origin) => (await import('./copy-plan.ts')).copyPlan(session, applicationOf(origin)),
    createApplication: async (origin: Origin) =>
      (await import('./create-application.ts')).createApplication(session, applicationOf(origin)),
    openGuide: async () => (await import('./guide.ts')).openGuide(),
    whatWaits: async (origin: Origin, rows?: readonly Row[]) => {
      const [node] = await chosenNodes(session, origin, rows);
      if (node) await showWhatWaits(session, node);
    },
    whatIfFails: async (origin: Origin, rows?: readonly Row[]) => {
      const [node] = await chosenNodes(session, origin, rows);
      if (node?.spot?.task) await showWhatIf(session, node.application, { ...node.spot, task: node.spot.task });
    },
    showHookLogs: async (origin: Origin, rows?: readonly Row[]) => {
      const [row] = chosenRows(origin, rows);
      const log = row && logOf(session, row.node);
      await (log ? session.logs.show(log) : session.logs.choose());
    },
    copyName: (origin: Origin, rows?: readonly Row[]) =>
      vscode.env.clipboard.writeText(
        chosenRows(origin, rows ?? view.selection)
          .map(({ node }) => nameOf(node))
          .join('\n'),
      ),
  };
}

/** The rows of a menu, which is about the selected ones where it was opened on one of them. */
function chosenRows(origin: Origin, rows: readonly Row[] | undefined): readonly Row[] {
  if (rows && rows.length > 0) return rows;
  return origin instanceof Row ? [origin] : [];
}

const applicationOf = (origin: Origin): ApplicationRef | undefined =>
  origin instanceof Row ? origin.node.application : undefined;

const isInEditor = (origin: Origin): boolean => origin === undefined || origin instanceof vscode.Uri || 'uri' in origin;

/** Where in an editor a command was taken; undefined where no editor is open. */
function editorPlace(origin: Origin): { uri: vscode.Uri; line: number } | undefined {
  if (origin && 'line' in origin) return { uri: vscode.Uri.parse(origin.uri), line: origin.line + 1 };
  const editor = vscode.window.activeTextEditor;
  return editor && { uri: editor.document.uri, line: editor.selection.active.line + 1 };
}

/** The rows that a command is about: those of the menu, else the manifest under the cursor, else the selected ones. */
async function chosenNodes(
  { view }: Session,
  origin: Origin,
  rows: readonly Row[] | undefined,
): Promise<readonly PlanNode[]> {
  const chosen = chosenRows(origin, rows);
  if (chosen.length > 0) return chosen.map(({ node }) => node);
  const place = isInEditor(origin) ? editorPlace(origin) : undefined;
  const node = place && (await view.manifestAt(place.uri, place.line));
  if (node?.spot) return [node];
  if (node) throw new Error(`${node.label} is not in the plan: ${node.description}`);
  if (view.visible && view.selection.length > 0) return view.selection.map((row) => row.node);
  throw new Error('Put the cursor into a manifest of an application, or select its row in the plan.');
}

async function chosenApplication(session: Session, origin: Origin): Promise<PlanNode['application'] | undefined> {
  const { store, view } = session;
  if (origin instanceof Row) return origin.node.application;
  const place = editorPlace(origin);
  const here = (place && (await store.applicationOf(place.uri.toString()))) ?? view.selection[0]?.node.application;
  const { chooseApplication } = await import('../sync/choose.ts');
  const applications = store.views.map(({ summary }) => summary).filter(({ ordered }) => ordered);
  if (applications.length === 0) throw new Error('No application of this workspace uses waves yet.');
  return chooseApplication(applications, here && applicationId(here), 'Renumber Waves: Which Application?');
}

/** What the hook of a row wrote in the run that is shown, or in the last one that is kept. */
function logOf({ store, logs }: Session, { application, spot }: PlanNode): HookLog | undefined {
  const run = store.views.find(({ summary }) => applicationId(summary) === applicationId(application))?.run;
  const plan = store.planOf(application);
  if (!run || !plan || !spot?.task) return undefined;
  const found = findRun(run, spot.phase, spot.task, plan.namespace);
  return found && logs.logs.find(application, found.task);
}

const nameOf = ({ spot, label }: PlanNode): string =>
  spot?.task ? spot.task.name || (spot.task.generateName ?? '') : label;

async function showInPlan({ view }: Session, origin: Origin): Promise<void> {
  const place = editorPlace(origin);
  if (!place || (await view.showManifest(place.uri, place.line))) return;
  void vscode.window.showInformationMessage(
    'No row of the plan stands for this place: it is in no manifest of an application, or its plan is not shown.',
  );
}

async function showWhatIf(session: Session, application: ApplicationRef, subject: Subject): Promise<void> {
  if (!canFail(subject))
    throw new Error(
      `${subject.task.kind} ${taskName(subject.task)} cannot be let fail: it is no manifest that a sync applies.`,
    );
  await (await import('../sync/commands.ts')).whatIfFails(session, application, subject);
}

interface WaitingItem extends vscode.QuickPickItem {
  readonly find?: (node: PlanNode) => boolean;
}

/** What is waited for, in a sentence and in a title. */
const UNTIL = {
  completes: ['completes', 'Completes'],
  healthy: ['is healthy', 'Is Healthy'],
  gone: ['is gone', 'Is Gone'],
} as const;

/** Lists what comes after a task and waits for it; choosing one shows its row. */
async function showWhatWaits({ store, view }: Session, { spot, application }: PlanNode): Promise<void> {
  const plan = store.planOf(application);
  if (!plan || !spot?.task) return;
  const { task, phase } = spot;
  const label = `${task.kind} ${taskName(task)}`;
  const waiting = waitingFor(plan, phase, task);
  if (waiting.kind === 'free') {
    void vscode.window.showInformationMessage(`Nothing waits for ${label}. ${waiting.reason}`);
    return;
  }
  const [until, title] = UNTIL[waiting.until];
  if (waiting.next.length === 0) {
    void vscode.window.showInformationMessage(`The sync ends when ${label} ${until}: nothing comes after it.`);
    return;
  }
  const items: WaitingItem[] = [];
  let last: unknown;
  for (const place of waiting.next) {
    if (place.wave !== last)
      items.push({
        label: `${phaseTitle(place.phase)} · ${waveText(place.wave.wave)}`,
        kind: vscode.QuickPickItemKind.Separator,
      });
    last = place.wave;
    items.push({
      label: taskName(place.task),
      description: place.task.kind,
      find: ({ spot: other }) => other?.task === place.task && other.phase === place.phase,
    });
  }
  const chosen = await vscode.window.showQuickPick(items, {
    title: `Waits Until ${label} ${title}`,
    placeHolder: 'Choose one to see it in the plan',
    matchOnDescription: true,
  });
  const found = chosen?.find && view.findNode(application, chosen.find);
  if (found) await view.reveal(found.id);
}
