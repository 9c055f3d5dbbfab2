import type { PlanChange } from '#core/plan/diff-model';
import type { ApplicationPlan, PlanPhase, PlanPhaseName, PlanWave } from '#core/plan/model';
import { taskKey } from '#core/plan/query';
import { CAN_HANG, gateBadge, objectLabel, phaseTitle, waveText } from '#core/plan/words';
import { changeSign, changeSigns, signKey, type Comparison } from './comparison.ts';
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

/**
 * Plans as a Mermaid flow chart: a frame for each phase, a box for each wave in it, gates on the arrows. With a
 * comparison changed tasks carry a sign, their boxes a thick border, and what is gone stands in a box of its own.
 */
export function planMermaid(plans: readonly ApplicationPlan[], comparison?: Comparison): string {
  const gone = comparison?.gone ?? [];
  const lines = [
    ...plans.flatMap((plan, index) => applicationLines(plan, index, comparison)),
    ...gone.map(({ plan, changes }, index) => `  gone${index}["${goneText(`${plan.name}: gone`, changes)}"]:::gone`),
  ];
  const styles = comparison ? [`  classDef changed stroke-width:4px`, `  classDef gone stroke-dasharray:4`] : [];
  const all = lines.length === 0 ? ['  none["No application here"]'] : lines;
  return `${['flowchart TD', ...all, ...styles].join('\n')}\n`;
}

/** A wave, and the id of its box. */
interface Box {
  readonly id: string;
  readonly phase: PlanPhaseName;
  readonly wave: PlanWave;
}

function applicationLines(plan: ApplicationPlan, index: number, comparison: Comparison | undefined): string[] {
  const { name, plans } = plan;
  const changes = comparison?.changes.get(plan) ?? [];
  const signs = changeSigns(changes);
  const lost = changes.filter(({ to }) => to === null);
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
    ...phases.filter(({ waves }) => waves.length > 0).flatMap(({ phase }) => phaseLines(app, phase, all, signs)),
    ...(last ? [`    ${app}done(["Succeeded"])`] : []),
    ...(last && first ? [`    ${app}fail(["If anything fails"])`] : []),
    ...(lost.length > 0 ? [`    ${app}gone["${goneText('Not any more', lost)}"]:::gone`] : []),
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

/** Signs of changed tasks, by `signKey`. */
type Signs = ReadonlyMap<string, string>;

function phaseLines(app: string, phase: PlanPhaseName, boxes: readonly Box[], signs: Signs): string[] {
  const own = boxes.filter((box) => box.phase === phase);
  return [
    `    subgraph ${app}${phase}["${mermaidText(phaseTitle(phase))}"]`,
    ...own.map((box) => boxLine(box, signs)),
    '    end',
  ];
}

function boxLine({ id, phase, wave }: Box, signs: Signs): string {
  const names = wave.batches.flatMap(({ tasks }) =>
    tasks.map((task) => {
      const sign = signs.get(signKey({ phase, wave: wave.wave }, taskKey(task)));
      return { text: `${sign === undefined ? '' : `${sign} `}${taskLabel(task)}`, changed: sign !== undefined };
    }),
  );
  // What changed is named whatever the limit.
  const ordered = names.length > SHOWN + 1 ? names.toSorted((a, b) => Number(b.changed) - Number(a.changed)) : names;
  const changed = names.some((name) => name.changed);
  return `      ${id}["${listText(
    `<b>${waveText(wave.wave)}</b>`,
    ordered.map(({ text }) => text),
  )}"]${changed ? ':::changed' : ''}`;
}

/** @param title is written as it is */
function listText(title: string, names: readonly string[]): string {
  const rest = names.length > SHOWN + 1 ? [`and ${names.length - SHOWN} more`] : [];
  const shown = rest.length > 0 ? names.slice(0, SHOWN) : names;
  return [title, ...shown.map(mermaidText), ...rest].join('<br/>');
}

const goneText = (title: string, changes: readonly PlanChange[]): string =>
  listText(
    `<b>${mermaidText(title)}</b>`,
    changes.map((change) => `${changeSign(change)} ${objectLabel(change.task)}`),
  );

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
