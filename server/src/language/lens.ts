import { isApplicationKind } from '../core/annotations/catalogue.ts';
import { gvkOf, kindOf } from '../core/object.ts';
import { taskKey } from '../core/plan/query.ts';
import { waveText } from '../core/plan/words.ts';
import type { PlacedDocument } from '../manifest/model.ts';
import { rangeOf } from '../manifest/source-file.ts';
import type { Range } from '../manifest/lines.ts';
import { startsOf } from './starts.ts';
import { gateText, positionText, type PlanView } from './place.ts';

/** Argument of the command `argocdHooks.showInPlan`. */
export interface ShowInPlan {
  readonly uri: string;
  /** 0-based line of the manifest. */
  readonly line: number;
  /** `group/Kind/namespace/name`; absent for a manifest that is left out. */
  readonly task?: string;
}

/** What a lens is about, as it goes to the client and comes back when the lens comes into sight. */
export interface LensTarget {
  readonly uri: string;
  /** 0-based line of the manifest. */
  readonly line: number;
  readonly about: 'place' | 'left-out';
  /** Which of the manifest's places: a hook of two phases has two. */
  readonly nth: number;
}

export interface LensCommand {
  readonly title: string;
  readonly command: 'argocdHooks.showInPlan' | 'argocdHooks.runSync';
  readonly argument: ShowInPlan | { readonly uri: string };
}

/** A lens with its command, or with what its command is made from when somebody looks at it. */
export type Lens = { readonly range: Range } & ({ readonly target: LensTarget } | { readonly command: LensCommand });

/** A document of a file, and what is known about its manifests. */
export interface LensSource {
  readonly uri: string;
  /** Path under which the plan keeps the file. */
  readonly file: string;
  readonly documents: readonly PlacedDocument[];
  readonly view: PlanView | undefined;
}

/** How many lenses a file gets: an editor shows a few dozen at a time, and a file may hold thousands of manifests. */
const MAX_LENSES = 2_000;

/**
 * A line above each manifest with its place in the plan, where the application uses hooks or waves, and one to start a
 * sync above the first manifest and above each Argo CD Application.
 */
export function lenses({ uri, file, documents, view }: LensSource): Lens[] {
  const found: Lens[] = [];
  for (const placed of documents) {
    if (!mayHoldManifest(placed.document.text)) continue;
    for (const { object, start } of startsOf(placed.document)) {
      if (found.length >= MAX_LENSES) return found;
      if (kindOf(object) === '' || object['apiVersion'] === undefined) continue;
      const at = rangeOf(placed, { start, end: start });
      const first = found.length === 0;
      if (view?.ordered) found.push(...placeLenses({ uri, file, view, line: at.start.line + 1, at }));
      if (first || isApplicationKind(gvkOf(object)))
        found.push({ range: at, command: { title: 'Run Sync…', command: 'argocdHooks.runSync', argument: { uri } } });
    }
  }
  return found;
}

/** Cheap, so that a file of other things is not parsed for its lenses. */
const mayHoldManifest = (text: string): boolean => text.includes('kind') && text.includes('apiVersion');

function placeLenses(source: { uri: string; file: string; view: PlanView; line: number; at: Range }): Lens[] {
  const { uri, file, view, line, at } = source;
  const lens = (about: LensTarget['about'], nth: number): Lens => ({
    range: at,
    target: { uri, line: at.start.line, about, nth },
  });
  const places = view.placesAt(file, line);
  if (places.length === 0) return view.leftOutAt(file, line) === undefined ? [] : [lens('left-out', 0)];
  return places.map((_place, nth) => lens('place', nth));
}

/**
 * The command of a lens that came into sight. Where the text or the plan changed since the lens was made it names no
 * place: the editor is about to ask for new ones.
 */
export function lensCommand(target: LensTarget, file: string, view: PlanView | undefined): LensCommand {
  const { uri, line, about, nth } = target;
  const place = about === 'place' ? view?.placesAt(file, line + 1)[nth] : undefined;
  const command = 'argocdHooks.showInPlan';
  if (!place) {
    const reason = about === 'left-out' ? view?.leftOutAt(file, line + 1) : undefined;
    const title = reason === undefined ? 'Show in Plan' : `left out · ${reason}`;
    return { title, command, argument: { uri, line } };
  }
  const parts = [place.phase, waveText(place.wave.wave), positionText(place), gateText(place)];
  return {
    title: parts.filter((part) => part !== '').join(' · '),
    command,
    argument: { uri, line, task: taskKey(place.task) },
  };
}
