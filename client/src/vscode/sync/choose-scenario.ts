import * as vscode from 'vscode';
import type { ApplicationSummary } from '#protocol';
import type { Session } from '../session.ts';
import { BACK, pick } from '../pick.ts';
import { chooseRevision, revisionsOf } from '../plan/choose-revision.ts';
import type { RunScenario } from './run.ts';
import {
  choiceEntries,
  readChoice,
  scenarioOf,
  taskEntries,
  type Choice,
  type ChoiceEntry,
  type Question,
} from './simulate-choices.ts';

/** Where the last choice of this workspace is kept. */
const LAST = 'simulate.last';

interface ChoiceItem extends vscode.QuickPickItem {
  readonly answer: ChoiceEntry['answer'];
}

interface TaskItem extends vscode.QuickPickItem {
  readonly name?: string;
}

type Plan = NonNullable<ReturnType<Session['store']['planOf']>>;

/** Asks what a simulation of an application is to show. Undefined: the person thought better of it. */
export async function chooseScenario(
  session: Session,
  application: ApplicationSummary,
): Promise<RunScenario | undefined> {
  const { store, context } = session;
  if (!store.hasPlan(application)) await store.load(application);
  const plan = store.planOf(application);
  if (!plan) throw new Error(`The plan of ${application.name} is not there yet. Refresh the plan and try again.`);
  const revisions = gitOf(session, application);
  for (;;) {
    const chosen = await pick<ChoiceItem>({
      title: `Simulate Sync of ${application.name}`,
      placeholder: 'What is there before, and what fails?',
      items: revisions.then(
        () => choiceEntries(plan, readChoice(context.workspaceState.get(LAST)), true),
        () => choiceEntries(plan, readChoice(context.workspaceState.get(LAST)), false),
      ),
    });
    if (typeof chosen !== 'object') return undefined;
    const { answer } = chosen;
    const choice = 'ask' in answer ? await askFurther(answer.ask, application, plan, revisions) : answer;
    if (choice === BACK) continue;
    if (choice) await context.workspaceState.update(LAST, choice);
    return choice && scenarioOf(choice);
  }
}

/** The revisions that a simulation can start from; rejects where there is no Git that it could ask. */
function gitOf({ server }: Session, { folder }: ApplicationSummary): ReturnType<typeof revisionsOf> {
  const isOnDisk = vscode.Uri.parse(folder).scheme === 'file';
  if (server && isOnDisk) return revisionsOf(server, folder);
  return Promise.reject(new Error('There is no Git here.'));
}

async function askFurther(
  question: Question,
  { name }: ApplicationSummary,
  plan: Plan,
  revisions: ReturnType<typeof revisionsOf>,
): Promise<Choice | typeof BACK | undefined> {
  if (question === 'revision') {
    const revision = await chooseRevision(`Simulate Sync of ${name}: Upgrade from…`, revisions, true);
    return typeof revision === 'string' ? { kind: 'upgrade', revision } : revision;
  }
  const items = taskEntries(plan, question).map((entry): TaskItem =>
    entry.name === undefined ? { ...entry, kind: vscode.QuickPickItemKind.Separator } : entry,
  );
  const chosen = await pick<TaskItem>({
    title: `Simulate Sync of ${name}: Which One ${question === 'fail' ? 'Fails' : 'Hangs'}?`,
    placeholder: question === 'fail' ? 'A hook or a resource that is to fail' : 'A hook or a resource that never ends',
    items: Promise.resolve(items),
    back: true,
  });
  if (typeof chosen !== 'object') return chosen;
  return chosen.name === undefined ? undefined : { kind: question, name: chosen.name };
}
