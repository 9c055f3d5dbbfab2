import { counted, waveText } from '#core/plan/words';
import type { PlanNode } from './node.ts';

/** Words for what a row only shows as a sign. */
const SIGNS: readonly (readonly [RegExp, string])[] = [
  [/⚓ (?=\S)/g, 'hook '],
  [/⚠ /g, ''],
  [/−(?=\d)/g, 'minus '],
  [/…/g, ''],
  [/ · /g, ', '],
];

const KIND_WORDS: Readonly<Partial<Record<PlanNode['kind'], string>>> = {
  application: 'Application',
  gone: 'Application',
  phase: 'Phase',
};

/** Rows whose description says already what is wrong. */
const TELLS_ITSELF: ReadonlySet<PlanNode['kind']> = new Set(['application', 'skipped', 'problem']);

const plain = (text: string): string => SIGNS.reduce((result, [sign, word]) => result.replace(sign, word), text);

/** The whole row as a screen reader says it: what it is, what becomes of it, and what is wrong. */
export function spoken(node: PlanNode): string {
  const { kind, label, description, spot, problems } = node;
  const kindWord = KIND_WORDS[kind];
  const name = plain(label);
  const what = kindWord === undefined ? name : `${kindWord} ${name}`;
  const where =
    kind === 'task' && spot?.wave !== undefined ? `, in ${plain(waveText(spot.wave))} of ${spot.phase}` : '';
  const wrong = TELLS_ITSELF.has(kind) || problems.length === 0 ? '' : `. ${counted(problems.length, 'problem')}`;
  const first = kind === 'task' && wrong !== '' ? `: ${problems[0]?.message ?? ''}` : '';
  return `${what}${description === '' ? '' : `, ${plain(description)}`}${where}${wrong}${first}`;
}
