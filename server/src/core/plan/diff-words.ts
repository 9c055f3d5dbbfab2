import type { DiffPair, DiffTask, PlanChangeDetail, PlanPoint } from './diff-model.ts';
import type { SkippedManifest } from './model.ts';
import { gateNote, gateSentences, hookNotes, objectLabel, phaseMoment, waveText } from './words.ts';

/** A manifest that is left out now and was not, was never applied, or was left out and is gone. */
export type LeftOutCase = 'dropped' | 'new' | 'gone';

interface Sides {
  readonly before: readonly DiffTask[];
  readonly after: readonly DiffTask[];
  readonly pairs: readonly DiffPair[];
}

/** The consequence of each change, in words. */
export class ChangeWords {
  readonly #keysBefore: ReadonlySet<string>;
  readonly #keysAfter: ReadonlySet<string>;
  /** Tasks that stayed in their places, by phase and wave, so that a move is told by what it passed. */
  readonly #stayed = new Map<string, Map<number, string[]>>();

  constructor({ before, after, pairs }: Sides) {
    this.#keysBefore = new Set(before.map(({ key }) => key));
    this.#keysAfter = new Set(after.map(({ key }) => key));
    for (const pair of pairs) {
      const { phase, wave } = pair.after.point;
      if (pair.before.point.phase !== phase || pair.before.point.wave !== wave) continue;
      const waves = this.#stayed.get(phase) ?? new Map<number, string[]>();
      this.#stayed.set(phase, waves);
      const keys = waves.get(wave);
      if (keys) keys.push(pair.after.key);
      else waves.set(wave, [pair.after.key]);
    }
  }

  static leftOut(what: LeftOutCase, { reason }: SkippedManifest): string {
    switch (what) {
      case 'dropped':
        return `Left out now. ${reason.text}`;
      case 'new':
        return `New, and left out. ${reason.text}`;
      case 'gone':
        return 'Its manifest is gone; Argo CD left it out before too, so no sync is different.';
    }
  }

  added(task: DiffTask, restored: boolean): string {
    const { point, gate, key } = task;
    const isHook = task.task.hook.length > 0;
    const again = this.#keysBefore.has(key);
    const first = restored ? 'Not left out any more: ' : again ? 'In one more phase: ' : 'New: ';
    const verb = isHook ? 'runs' : 'is applied';
    const note = gateNote(gate, key);
    const waits = task.waits ? `; what follows ${note}` : '';
    return `${first}${verb} ${placeText(point)}${waits}.${hangText(task)}`;
  }

  removed({ key, point, task }: DiffTask): string {
    if (this.#keysAfter.has(key)) return `Does not run in ${point.phase} any more.`;
    return task.hook.length > 0
      ? `Does not run any more (${point.phase}): its manifest is gone. What an earlier sync left of it stays in the cluster, also with pruning on.`
      : 'Its manifest is gone: with pruning on, a sync deletes the live object; without, the object stays as it is.';
  }

  moved(pair: DiffPair, detail: PlanChangeDetail | undefined): string {
    const { before, after } = pair;
    const parts = [this.#from(before.point, after.point)];
    if (detail === 'becomes-hook') parts.push(hookNow(after));
    if (detail === 'becomes-resource')
      parts.push('An ordinary resource now: it is kept as the manifest says, and no sync runs it anew.');
    const pulled = [after.task.phaseReason, after.task.waveReason].find(({ code }) => code === 'pulled-forward');
    if (pulled) parts.push(pulled.text);
    return parts.filter((part) => part !== '').join(' ') + (hasHang(before) ? '' : hangText(after));
  }

  gate({ before, after }: DiffPair): string {
    if (after.waits) {
      const why = gateSentences(before.gate, before.key, false).free;
      const was = why === undefined ? '' : ` Before: ${lowerFirst(why)}`;
      return `What follows ${gateNote(after.gate, after.key)} now.${was}${hangText(after)}`;
    }
    const reason = after.gate.notWaitedFor.find(({ task }) => task === after.key)?.reason;
    return `What follows does not wait for it any more${reason === undefined ? '' : `: ${reason}`}.`;
  }

  #from(from: PlanPoint, to: PlanPoint): string {
    if (from.phase !== to.phase)
      return `From ${from.phase} to ${to.phase}, ${waveText(to.wave)}: ${phaseMoment(to.phase)} now, not ${phaseMoment(from.phase)}.`;
    if (from.wave === to.wave) return '';
    const passed = this.#passed(from, to);
    const where = passed === '' ? '' : `: ${to.wave > from.wave ? 'after' : 'before'} ${passed} now`;
    return `From ${waveText(from.wave)} to ${waveText(to.wave)} of ${to.phase}${where}.`;
  }

  /** What stayed where it was and is now on the other side: `Deployment web and 2 more`. */
  #passed(from: PlanPoint, to: PlanPoint): string {
    const later = to.wave > from.wave;
    const isPassed = (wave: number): boolean =>
      later ? wave >= from.wave && wave < to.wave : wave > to.wave && wave <= from.wave;
    const waves = [...(this.#stayed.get(to.phase) ?? [])].filter(([wave]) => isPassed(wave)).sort(([a], [b]) => a - b);
    const count = waves.reduce((sum, [, keys]) => sum + keys.length, 0);
    const first = waves[0]?.[1][0];
    if (first === undefined) return '';
    return `${objectLabel(first)}${count > 1 ? ` and ${count - 1} more` : ''}`;
  }
}

const placeText = ({ phase, wave }: PlanPoint): string =>
  phase === 'Sync' ? `in Sync, ${waveText(wave)}` : `in ${phase}, ${waveText(wave)}, ${phaseMoment(phase)}`;

function hookNow({ task }: DiffTask): string {
  const notes = hookNotes(task);
  return `A hook now: each sync runs it anew, it is no part of what the sync status compares${notes.length > 0 ? `, and it is ${notes.join(', ')}` : ''}.`;
}

const hasHang = ({ gate, key }: DiffTask): boolean => gate.mayHang.some(({ task }) => task === key);

function hangText({ gate, key }: DiffTask): string {
  const hang = gateSentences(gate, key, false).hang;
  return hang === undefined ? '' : ` ${hang}`;
}

const lowerFirst = (text: string): string => text.slice(0, 1).toLowerCase() + text.slice(1);
