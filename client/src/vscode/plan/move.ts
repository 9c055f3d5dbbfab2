import * as vscode from 'vscode';
import { taskName } from '#core/plan/query';
import { objectLabel, waveText } from '#core/plan/words';
import type { PlanChange, WaveChangeResult } from '#protocol';
import type { Session } from '../session.ts';
import { applyFileEdits } from './apply-edits.ts';
import type { Moving } from './moving.ts';
import { uriOf } from './places.ts';
import { wavesInUse, type WaveInUse } from './waits.ts';

/** Asks for the wave, with what stands in each and what a move would mean, and moves. */
export async function askAndMove(session: Session, moving: Moving): Promise<void> {
  const plan = session.store.planOf(moving.application);
  if (!plan) throw new Error('The plan is not read yet. Try again in a moment.');
  const wave = await askForWave(session, moving, wavesInUse(plan, moving.phases));
  if (wave !== undefined) await moveTo(session, moving, wave);
}

interface WaveItem extends vscode.QuickPickItem {
  readonly wave: number;
}

/** How long a row has to stay active before its consequences are worked out, in milliseconds. */
const REST = 80;

function askForWave(session: Session, moving: Moving, waves: readonly WaveInUse[]): Promise<number | undefined> {
  const details = new Map<number, string>();
  const itemOf = (wave: number, tasks: WaveInUse['tasks']): WaveItem => {
    const detail = details.get(wave);
    const own = wave === moving.from ? ' (where it is)' : '';
    const [one] = tasks;
    const more = tasks.length > 1 ? ` and ${tasks.length - 1} more` : '';
    const there = one ? `${one.task.kind} ${taskName(one.task)}${more}` : 'a new wave';
    return { label: waveText(wave), description: `${there}${own}`, wave, ...(detail ? { detail } : {}) };
  };
  const picker = vscode.window.createQuickPick<WaveItem>();
  picker.title = `Move ${moving.label} to Wave`;
  picker.placeholder = 'A wave in use, or a new number: 5, -1';
  const list = (): void => {
    const typed = /^\s*[-−]?\d+\s*$/.test(picker.value) ? Number(picker.value.trim().replace('−', '-')) : undefined;
    const known = waves.map(({ wave, tasks }) => itemOf(wave, tasks));
    const isNew = typed !== undefined && !waves.some(({ wave }) => wave === typed);
    const active = picker.activeItems[0]?.wave;
    // What is typed is the number, whatever the names of the waves hold.
    picker.items =
      typed === undefined
        ? known
        : [{ ...(isNew ? itemOf(typed, []) : itemOf(typed, tasksOf(waves, typed))), alwaysShow: true }];
    const again = picker.items.find(({ wave }) => wave === (typed ?? active));
    if (again) picker.activeItems = [again];
  };
  const tell = async (wave: number): Promise<void> => {
    if (details.has(wave)) return;
    details.set(wave, '');
    const result = await session.server?.moveToWave({ application: moving.application, places: moving.places, wave });
    if (!result) return;
    details.set(wave, consequence(result) || 'Nothing changes.');
    list();
  };
  return new Promise((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    picker.onDidChangeValue(list);
    picker.onDidChangeActive(([active]) => {
      clearTimeout(timer);
      if (active) timer = setTimeout(() => void tell(active.wave).catch(reject), REST);
    });
    picker.onDidAccept(() => {
      const [chosen] = picker.activeItems;
      if (!chosen) return;
      resolve(chosen.wave);
      picker.hide();
    });
    picker.onDidHide(() => {
      clearTimeout(timer);
      picker.dispose();
      resolve(undefined);
    });
    list();
    picker.show();
  });
}

const tasksOf = (waves: readonly WaveInUse[], wave: number): WaveInUse['tasks'] =>
  waves.find((one) => one.wave === wave)?.tasks ?? [];

/** What a change comes to, in a line or two. */
export function consequence({ refused, notes, diff }: WaveChangeResult, most = 2): string {
  const told = [
    ...refused.map(({ name, reason }) => `${name}: ${reason}`),
    ...diff.map((change) => `${objectLabel(change.task)}: ${change.text}`),
    ...notes,
  ];
  return [...told.slice(0, most), ...(told.length > most ? [`And ${told.length - most} more.`] : [])].join(' ');
}

/** Moves, shows the manifest, and says what stayed where it is. */
export async function moveTo(session: Session, moving: Moving, wave: number): Promise<void> {
  const { application, places } = moving;
  const result = await session.server?.moveToWave({ application, places, wave });
  if (!result) throw new Error(`${application.name} is not in the workspace any more. Refresh the plan.`);
  if (result.files.length > 0) {
    if (!(await applyFileEdits(result.files))) throw new Error('VS Code did not make the edits. Nothing was moved.');
    session.log.info(`Moved ${moving.label} of ${application.name} to ${waveText(wave)}`);
    await showEdited(session, moving, result.diff);
  }
  tellRefused(result);
}

/** Opens what was edited, so that it is seen, and can be undone there. */
async function showEdited(
  { log }: Session,
  { application, places }: Moving,
  diff: readonly PlanChange[],
): Promise<void> {
  const [first] = places;
  if (!first) return;
  const uri = uriOf({ folder: application.folder, file: first.file });
  const line = diff.find(({ file }) => file === first.file)?.line ?? first.line;
  try {
    const selection = new vscode.Range(line - 1, 0, line - 1, 0);
    await vscode.window.showTextDocument(uri, { preview: true, preserveFocus: true, selection });
  } catch (error) {
    log.debug(`${first.file} could not be shown: ${String(error)}`);
  }
}

export function tellRefused({ refused, notes }: WaveChangeResult): void {
  if (refused.length > 0) {
    const told = refused.slice(0, 3).map(({ name, reason }) => `${name}: ${reason}`);
    const more = refused.length > told.length ? ` And ${refused.length - told.length} more.` : '';
    void vscode.window.showWarningMessage(`Not moved. ${told.join(' ')}${more}`);
  } else if (notes.length > 0) void vscode.window.showInformationMessage(notes.join(' '));
}
