import * as vscode from 'vscode';
import { counted, signed } from '#core/plan/words';
import type { ApplicationRef, RenumberWavesParams, WaveChangeResult } from '#protocol';
import type { Session } from '../session.ts';
import { applyFileEdits } from './apply-edits.ts';

const GAPS = [1, 5, 10] as const;

interface NumberingItem extends vscode.QuickPickItem {
  readonly numbering: Omit<RenumberWavesParams, 'application'>;
}

/** Asks how far apart the waves are to be, and numbers them anew; VS Code shows every edit before it is made. */
export async function renumber(session: Session, application: ApplicationRef): Promise<void> {
  const { server } = session;
  const plan = session.store.planOf(application) ?? (await server?.plan(application))?.plan;
  if (!server || !plan) throw new Error(`There is no plan of ${application.name} yet. Try again in a moment.`);
  const waves = plan.plans.sync.phases.flatMap((phase) => phase.waves.map(({ wave }) => wave));
  const keeps = waves.some((wave) => wave < 0) ? [true, false] : [true];
  const numberings = keeps.flatMap((keepNegative) => GAPS.map((gap) => ({ gap, keepNegative })));
  const answers = await Promise.all(
    numberings.map(async (numbering) => ({
      numbering,
      result: await server.renumberWaves({ application, ...numbering }),
    })),
  );
  const items = answers.flatMap(({ numbering, result }) => (result ? [itemOf(numbering, result)] : []));
  const chosen = await vscode.window.showQuickPick(items, {
    title: `Renumber the Waves of ${application.name}`,
    placeHolder: 'What runs before what stays as it is. Every edit is shown before it is made.',
    matchOnDetail: true,
  });
  const result = answers.find(({ numbering }) => numbering === chosen?.numbering)?.result;
  if (!result) return;
  const [refused] = result.refused;
  if (refused) {
    const more = result.refused.length > 1 ? ` So do ${result.refused.length - 1} more.` : '';
    throw new Error(
      `No wave was numbered anew, for the order would be another one. ${refused.name} has to keep its wave: ${refused.reason}${more}`,
    );
  }
  if (result.files.length === 0) {
    void vscode.window.showInformationMessage(`The waves of ${application.name} are numbered like that already.`);
    return;
  }
  await applyFileEdits(result.files, `Renumber the waves of ${application.name}`);
}

function itemOf(numbering: NumberingItem['numbering'], result: WaveChangeResult): NumberingItem {
  const { gap, keepNegative } = numbering;
  const edits = result.files.reduce((sum, { edits: own }) => sum + own.length, 0);
  return {
    label: gap === 1 ? 'One after the other' : `${gap} apart`,
    description: keepNegative ? '' : 'the first wave becomes 0',
    detail:
      result.refused.length > 0
        ? `Not possible: ${result.refused[0]?.name ?? ''} cannot be edited`
        : edits === 0
          ? 'As they are now'
          : `${numbersText(result)} · ${counted(edits, 'edit')} in ${counted(result.files.length, 'file')}`,
    numbering,
  };
}

/** `−3 → −1, 7 → 1`: which wave becomes which. */
function numbersText({ diff }: WaveChangeResult): string {
  const numbers = new Map<number, number>();
  for (const { change, from, to } of diff) if (change === 'moved' && from && to) numbers.set(from.wave, to.wave);
  return [...numbers]
    .sort(([a], [b]) => a - b)
    .map(([from, to]) => `${signed(from)} → ${signed(to)}`)
    .join(', ');
}
