import { declaredWave } from '../core/annotations/classify.ts';
import type { PlanChange } from '../core/plan/diff-model.ts';
import { diffPlans } from '../core/plan/diff.ts';
import type { ApplicationPlan, PlacedObject } from '../core/plan/model.ts';
import { allPlaces, taskKey, taskName, type PlanPlace } from '../core/plan/query.ts';
import { waveText } from '../core/plan/words.ts';
import type { KubeObject } from '../core/object.ts';
import type { Edit } from '../manifest/edit.ts';
import type { Manifest, PlacedDocument } from '../manifest/model.ts';
import { rangeOf, type SourceFile } from '../manifest/source-file.ts';
import { viewOf, type PlanView } from './place.ts';
import { waveEdit, withWave } from './waves.ts';

/** Where a manifest stands: path within the root, 1-based line. */
export interface ManifestPlace {
  readonly file: string;
  readonly line: number;
}

/** The application whose waves are changed. */
export interface WaveSource {
  readonly plan: ApplicationPlan;
  readonly fileOf: (path: string) => SourceFile | undefined;
  /** The plan if some of the objects were others. */
  readonly planIf: (change: (placed: PlacedObject) => KubeObject) => ApplicationPlan;
}

/** An edit of one document of a file. */
export interface DocumentEdit {
  readonly placed: PlacedDocument;
  readonly edit: Edit;
}

/** What stays where it is, and why. */
export interface RefusedMove extends ManifestPlace {
  /** `Job db-migration`. */
  readonly name: string;
  readonly reason: string;
}

export interface WaveChange {
  readonly edits: ReadonlyMap<string, readonly DocumentEdit[]>;
  readonly refused: readonly RefusedMove[];
  /** What else has to be known. */
  readonly notes: readonly string[];
  /** What becomes of the plan. */
  readonly diff: readonly PlanChange[];
}

interface Wanted extends ManifestPlace {
  readonly wave: number;
}

interface Move extends Wanted {
  readonly name: string;
  readonly key: string;
  readonly places: readonly PlanPlace[];
  readonly edit: DocumentEdit;
}

const placeKey = ({ file, line }: { readonly file?: string; readonly line?: number }): string =>
  `${line ?? 1}:${file ?? ''}`;

/**
 * Gives manifests of an application a wave. What Argo CD would not run in that wave all the same (a Namespace or a
 * CustomResourceDefinition goes before its first user) is refused.
 */
export function moveToWave(source: WaveSource, places: readonly ManifestPlace[], wave: number): WaveChange {
  const wanted = new Map(places.map(({ file, line }) => [placeKey({ file, line }), { file, line, wave }]));
  const { moves, refused } = movesOf(source, [...wanted.values()]);
  let kept = moves;
  for (;;) {
    const after = planWith(source, kept);
    const staying = kept.flatMap((move) => refusalAfter(move, after) ?? []);
    if (staying.length === 0) return changeOf(source, kept, refused, after);
    refused.push(...staying);
    const out = new Set(staying.map(placeKey));
    kept = kept.filter((move) => !out.has(placeKey(move)));
  }
}

/** Where the moved manifest ends up elsewhere: why. */
function refusalAfter(move: Move, after: ApplicationPlan): RefusedMove | undefined {
  const phases = new Set(move.places.map(({ phase }) => phase));
  const key = taskKey(move.places[0]?.task ?? NO_TASK);
  const elsewhere = allPlaces(after).find(
    ({ phase, task, wave }) =>
      phases.has(phase) && taskKey(task) === key && wave.wave !== move.wave && !isDeletion(phase),
  );
  return elsewhere && staysAt(move, move.name, elsewhere);
}

const staysAt = (move: ManifestPlace, name: string, { task, wave }: PlanPlace): RefusedMove =>
  refusal(move, name, `It stays in ${waveText(wave.wave)}. ${task.waveReason.text}`);

const NO_TASK = { group: '', kind: '', namespace: '', name: '', generateName: null };

const isDeletion = (phase: PlanPlace['phase']): boolean => phase === 'PreDelete' || phase === 'PostDelete';

const refusal = ({ file, line }: ManifestPlace, name: string, reason: string): RefusedMove => ({
  file,
  line,
  name,
  reason,
});

export interface Numbering {
  /** How far apart neighboring waves are: 1, 5, 10. */
  readonly gap: number;
  /** Waves below 0 stay below it, and wave 0 stays wave 0. Else the first wave becomes 0. */
  readonly keepNegative: boolean;
}

/** New numbers for the waves in use; their order stays. */
export function newNumbers(waves: Iterable<number>, { gap, keepNegative }: Numbering): ReadonlyMap<number, number> {
  const sorted = [...new Set(waves)].sort((a, b) => a - b);
  if (!keepNegative) return new Map(sorted.map((wave, i) => [wave, i === 0 ? 0 : i * gap]));
  const below = sorted.filter((wave) => wave < 0).reverse();
  const above = sorted.filter((wave) => wave > 0);
  return new Map([
    ...below.map((wave, i): [number, number] => [wave, -(i + 1) * gap]),
    [0, 0],
    ...above.map((wave, i): [number, number] => [wave, (i + 1) * gap]),
  ]);
}

/**
 * Numbers the waves of an application anew, in all of its files: what runs before what stays as it is. All or nothing:
 * where one manifest cannot be edited no other is.
 */
export function renumberWaves(source: WaveSource, numbering: Numbering): WaveChange {
  const tasks = allPlaces(source.plan).filter(({ phase }) => !isDeletion(phase));
  const numbers = newNumbers(
    tasks.map(({ task }) => task.declaredWave),
    numbering,
  );
  const wanted = new Map<string, Wanted>();
  for (const { task } of tasks) {
    const wave = numbers.get(task.declaredWave);
    if (wave === undefined || wave === task.declaredWave || task.file === undefined) continue;
    wanted.set(placeKey(task), { file: task.file, line: task.line ?? 1, wave });
  }
  const { moves, refused } = movesOf(source, [...wanted.values()]);
  if (refused.length === 0) return changeOf(source, moves, [], planWith(source, moves));
  return { edits: new Map(), refused, notes: ['No wave was numbered anew: the order would be another one.'], diff: [] };
}

function movesOf(source: WaveSource, wanted: readonly Wanted[]): { moves: Move[]; refused: RefusedMove[] } {
  const view = viewOf(source.plan);
  const moves: Move[] = [];
  const refused: RefusedMove[] = [];
  for (const want of wanted) {
    const move = moveOf(source, view, want);
    if (move && 'reason' in move) refused.push(move);
    else if (move) moves.push(move);
  }
  return { moves, refused };
}

/** Undefined: it is in that wave already. */
function moveOf(source: WaveSource, view: PlanView, want: Wanted): Move | RefusedMove | undefined {
  const { file, line, wave } = want;
  const places = view.placesAt(file, line);
  const [first] = places;
  if (!first) return refusal(want, `What stands at line ${line} of ${file}`, whyNoTask(source.plan, want));
  const name = `${first.task.kind} ${taskName(first.task)}`;
  if (places.every(({ phase }) => isDeletion(phase)))
    return refusal(want, name, `Argo CD runs all ${first.phase} hooks at once: waves do not order them.`);
  const found = manifestAt(source.fileOf(file), line);
  if (!found)
    return refusal(want, name, `It is made from ${file}, which holds no manifest with its wave. Set it by hand.`);
  const { placed, manifest } = found;
  const written = declaredWave(manifest.object).wave;
  if (!manifest.templated && written !== first.task.declaredWave)
    return refusal(
      want,
      name,
      `Its file says ${waveText(written)}, and what is rendered from it ${waveText(first.task.declaredWave)}: a patch or ` +
        'a template sets it. Change it there.',
    );
  const result = waveEdit(placed.document, manifest, wave);
  if (result.kind === 'refused') return refusal(want, name, result.reason);
  const pulled = places.find((place) => place.wave.wave !== wave && place.task.waveReason.code === 'pulled-forward');
  if (result.kind === 'same' && pulled) return staysAt(want, name, pulled);
  return result.kind === 'same'
    ? undefined
    : { ...want, name, key: result.key, places, edit: { placed, edit: result.edit } };
}

function whyNoTask({ skipped }: ApplicationPlan, place: ManifestPlace): string {
  const found = skipped.find((one) => placeKey(one) === placeKey(place));
  return found
    ? `Argo CD leaves it out: ${found.reason.text}`
    : 'No manifest of the application stands there any more.';
}

function manifestAt(
  file: SourceFile | undefined,
  line: number,
): { readonly placed: PlacedDocument; readonly manifest: Manifest } | undefined {
  const placed = file?.documentAt({ line: line - 1, character: 0 });
  const manifest = placed?.document.manifests.find(({ span }) => rangeOf(placed, span).start.line + 1 === line);
  return placed && manifest && { placed, manifest };
}

/** The plan with these moves made. */
function planWith(source: WaveSource, moves: readonly Move[]): ApplicationPlan {
  const byPlace = new Map(moves.map((move) => [placeKey(move), move]));
  return source.planIf((placed) => {
    const move = byPlace.get(placeKey(placed));
    return move ? withWave(placed.object, move.key, move.wave) : placed.object;
  });
}

function changeOf(
  source: WaveSource,
  moves: readonly Move[],
  refused: readonly RefusedMove[],
  after: ApplicationPlan,
): WaveChange {
  const edits = new Map<string, DocumentEdit[]>();
  for (const { file, edit } of moves) {
    const there = edits.get(file);
    if (there) there.push(edit);
    else edits.set(file, [edit]);
  }
  return { edits, refused, notes: notesOf(moves), diff: diffPlans(source.plan, after) };
}

function notesOf(moves: readonly Move[]): string[] {
  const failing = moves.filter(({ places }) => places.some(({ phase }) => phase === 'SyncFail'));
  const [first] = failing;
  if (!first) return [];
  return [
    `${first.name}${failing.length > 1 ? ` and ${failing.length - 1} more` : ''}: SyncFail hooks all start at once, whatever their waves.`,
  ];
}
