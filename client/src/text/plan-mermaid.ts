import type { ApplicationPlan, PlanPhase, PlanPhaseName, PlanTask, PlanWave } from '#core/plan/model';
import { CAN_HANG, gateBadge, phaseTitle, waveText } from '#core/plan/words';
import { taskLabel } from './words.ts';

/**
 * Text for a quoted label. Whatever Mermaid, its Markdown or HTML could read as more than a letter becomes a character
 * code; quotes, `#`, `%%`, backticks and brackets would end the label or the diagram.
 */
export const mermaidText = (text: string): string =>
  text
    .replace(/\p{Cc}+|\s+/gu, ' ')
    .trim()
    .replace(/[^\p{L}\p{N}\p{M}\p{So} .,…−–/_-]/gu, (letter) => `#${letter.codePointAt(0)};`);

/** How many objects a box names; a diagram has a limit to its text, and nobody reads more. */
const SHOWN = 12;

/** Plans as a Mermaid flow chart: a frame for each phase, a box for each wave in it, gates on the arrows. */
export function planMermaid(plans: readonly ApplicationPlan[]): string {
  const lines = plans.length === 0 ? ['  none["No application here"]'] : plans.flatMap(applicationLines);
  return `${['flowchart TD', ...lines].join('\n')}\n`;
}

/** A wave, and the id of its box. */
interface Box {
  readonly id: string;
  readonly phase: PlanPhaseName;
  readonly wave: PlanWave;
}

function applicationLines({ name, plans }: ApplicationPlan, index: number): string[] {
  const app = `a${index}`;
  const sync = boxesOf(app, plans.sync.phases);
  const fail = boxesOf(app, plans.syncFail.phases);
  const deletion = boxesOf(app, plans.delete.phases);
  const phases = [...plans.sync.phases, ...plans.syncFail.phases, ...plans.delete.phases];
  const all = [...sync, ...fail, ...deletion];
  const last = sync.at(-1);
  const first = fail[0];
  return [
    `  subgraph ${app}["${mermaidText(name)}"]`,
    ...phases.filter(({ waves }) => waves.length > 0).flatMap(({ phase }) => phaseLines(app, phase, all)),
    ...(last ? [`    ${app}done(["Succeeded"])`] : []),
    ...(last && first ? [`    ${app}fail(["If anything fails"])`] : []),
    ...(all.length === 0 ? [`    ${app}none["A sync applies nothing"]`] : []),
    '  end',
    ...chain(sync),
    ...(last ? [arrow(last, `${app}done`)] : []),
    ...chain(fail),
    ...(last && first ? [`  ${app}fail -.-> ${first.id}`] : []),
    ...chain(deletion),
  ];
}

const boxesOf = (app: string, phases: readonly PlanPhase[]): Box[] =>
  phases.flatMap(({ phase, waves }) => waves.map((wave, w) => ({ id: `${app}${phase}${w}`, phase, wave })));

function phaseLines(app: string, phase: PlanPhaseName, boxes: readonly Box[]): string[] {
  const own = boxes.filter((box) => box.phase === phase);
  return [
    `    subgraph ${app}${phase}["${mermaidText(phaseTitle(phase))}"]`,
    ...own.map(({ id, wave }) => `      ${id}["${boxText(wave)}"]`),
    '    end',
  ];
}

function boxText(wave: PlanWave): string {
  const names = wave.batches.flatMap(({ tasks }) => tasks.map(nameText));
  const rest = names.length > SHOWN + 1 ? [`and ${names.length - SHOWN} more`] : [];
  const shown = rest.length > 0 ? names.slice(0, SHOWN) : names;
  return [`<b>${waveText(wave.wave)}</b>`, ...shown.map(mermaidText), ...rest].join('<br/>');
}

const nameText = (task: PlanTask): string => taskLabel(task);

const chain = (boxes: readonly Box[]): string[] =>
  boxes.slice(1).map((box, i) => {
    const before = boxes[i];
    return before ? arrow(before, box.id) : '';
  });

/** What is waited for between a wave and what follows. */
function arrow({ id, wave: { gate } }: Box, to: string): string {
  const text = [gateBadge(gate), ...(gate.mayHang.length > 0 ? [`⚠ ${CAN_HANG}`] : [])].join(' · ');
  return `  ${id} ${gate.waits ? '==>' : '-->'}|"${mermaidText(text)}"| ${to}`;
}
