import { SymbolKind } from 'vscode-languageserver-types';
import type { ApplicationPlan } from '../core/plan/model.ts';
import { allPlaces, taskName, type PlanPlace } from '../core/plan/query.ts';

/** A task of an application, as an editor lists it among the symbols of a workspace. */
export interface PlanSymbol {
  readonly name: string;
  readonly kind: SymbolKind;
  /** The application. */
  readonly container: string;
  readonly file: string;
  /** 1-based. */
  readonly line: number;
}

/**
 * Tasks of an application that a query asks for, in the order in which they run, then what fails and deletes: each word
 * of it has to occur in the name, the kind, the phase, the wave (`wave -1`) or the application. An empty query asks for
 * all. Editors filter what they get by its name once more, so that all of this is part of the name.
 */
export function planSymbols(plan: ApplicationPlan, query: string): PlanSymbol[] {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const found: PlanSymbol[] = [];
  for (const place of allPlaces(plan)) {
    const { file, line, hook } = place.task;
    if (file === undefined || line === undefined) continue;
    const name = symbolName(place);
    const text = `${name} ${plan.name}`.toLowerCase();
    if (!words.every((word) => text.includes(word.replace('−', '-')))) continue;
    const kind = hook.length > 0 ? SymbolKind.Event : SymbolKind.Object;
    found.push({ name, kind, container: plan.name, file, line });
  }
  return found;
}

/** `db-migration · Job · PreSync · wave -1`, with a minus sign that can be typed. */
function symbolName({ phase, wave, task }: PlanPlace): string {
  // Waves of these count for nothing: all of them start together.
  const together = phase === 'SyncFail' || phase === 'PreDelete' || phase === 'PostDelete';
  const parts = [taskName(task), task.kind, phase, together ? '' : `wave ${wave.wave}`];
  return parts.filter((part) => part !== '').join(' · ');
}
