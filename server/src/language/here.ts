import { declaredWave, deletePhases, hookTypes, isHook, isIgnored, isSkip } from '../core/annotations/classify.ts';
import {
  HELM_HOOK,
  HELM_HOOK_DELETE_POLICY,
  HELM_HOOK_WEIGHT,
  HOOK,
  HOOK_DELETE_POLICY,
  SYNC_WAVE,
} from '../core/annotations/keys.ts';
import { declaredPhaseReason, declaredWaveReason, ignoredReason } from '../core/plan/reasons.ts';
import { taskKey, type PlanPlace } from '../core/plan/query.ts';
import { gateSentences, waveText } from '../core/plan/words.ts';
import type { Manifest, YamlDocument } from '../manifest/model.ts';
import { listed } from './naming.ts';
import { leftOutAt, positionText, taskLabel, type PlanView } from './place.ts';
import { policySentences } from './policies.ts';
import { mayBringEntries } from './templates.ts';

/** The plan, and how it names the place of a manifest of this document. */
export interface PlaceFacts {
  readonly view: PlanView;
  /** File and 1-based line under which the plan keeps the manifest. */
  readonly at: (manifest: Manifest) => { readonly file: string; readonly line: number };
}

/** The annotations that decide about order: their hovers say where the manifest stands. */
export const ORDERING_KEYS: ReadonlySet<string> = new Set([
  HOOK,
  HOOK_DELETE_POLICY,
  SYNC_WAVE,
  HELM_HOOK,
  HELM_HOOK_DELETE_POLICY,
  HELM_HOOK_WEIGHT,
]);

/** What the annotations come to for this manifest: phase and wave with the reason, its place, what becomes of it. */
export function hereText(document: YamlDocument, manifest: Manifest, facts: PlaceFacts | undefined): string {
  const { object } = manifest;
  const templated = manifest.annotations.some((entry) => entry.templated && ORDERING_KEYS.has(entry.key));
  if (templated || mayBringEntries(document, manifest)) return 'Here: a template decides about the place.';
  if (isSkip(object)) return 'Here: neither applied nor pruned (Skip).';
  if (isIgnored(object) && deletePhases(object).length === 0) return `Here: left out. ${ignoredReason(object).text}`;
  const at = facts?.at(manifest);
  const places = facts && at ? facts.view.placesAt(at.file, at.line) : [];
  const left = facts && at && places.length === 0 ? leftOutAt(facts.view, at.file, at.line) : undefined;
  if (left !== undefined) return `Here: left out. ${left}`;
  const lines =
    places.length > 0 && facts ? places.map((place) => placeText(place, facts.view)) : [declaredText(manifest)];
  return [...lines, policySentences(object)].filter((text) => text !== '').join('\n\n');
}

/** Phase and wave as the manifest declares them, where no plan is known. */
function declaredText({ object }: Manifest): string {
  const phases = [...hookTypes(object).filter((type) => type !== 'Skip'), ...deletePhases(object)];
  const first = phases[0];
  const { wave, origin } = declaredWave(object);
  const reason = declaredWaveReason(object, origin);
  const why = origin === 'annotation' ? '' : ` (${reason.text.replace(/\.$/, '')})`;
  if (!isHook(object) || first === undefined)
    return `Here: an ordinary resource of the Sync phase, ${waveText(wave)}${why}.`;
  const source = declaredPhaseReason(object, first).code === 'helm-hook' ? `, from \`${HELM_HOOK}\`` : '';
  return `Here: ${listed(phases)}, ${waveText(wave)}${why}${source}.`;
}

function placeText(place: PlanPlace, view: PlanView): string {
  const { phase, wave, task } = place;
  const reasons = [task.phaseReason, task.waveReason]
    .filter(({ code }) => code !== 'annotation' && !(code === 'default' && task.hook.length === 0))
    .map(({ text }) => text);
  const where = `Here: ${phase}, ${waveText(wave.wave)}, ${positionText(place)}, ${companyText(place)}.`;
  return [where, ...reasons, gateSentence(place), afterText(place, view)].filter((text) => text !== '').join(' ');
}

function companyText({ wave }: PlanPlace): string {
  const count = wave.batches.reduce((sum, batch) => sum + batch.tasks.length, 0);
  return count === 1
    ? `alone in ${waveText(wave.wave)}`
    : `with ${count - 1} other${count === 2 ? '' : 's'} in ${waveText(wave.wave)}`;
}

/** What may hang, and what is not waited for, in the words of the plan's gate. */
function gateSentence({ wave, task, index, total }: PlanPlace): string {
  const { hang, free } = gateSentences(wave.gate, taskKey(task), index + 1 === total);
  return hang ?? free ?? '';
}

const SHOWN = 5;

/** The next wave with something in it: `After it: ConfigMap settings, Service web.` */
function afterText(place: PlanPlace, { sync }: PlanView): string {
  const own = sync.find((other) => other.task === place.task);
  if (!own) return '';
  const next = sync.find((other) => other.index > own.index && other.wave !== own.wave);
  if (!next) return 'Nothing comes after it.';
  const group = sync.filter((other) => other.wave === next.wave);
  const more = group.length > SHOWN ? ` and ${group.length - SHOWN} more` : '';
  return `After it: ${group.slice(0, SHOWN).map(taskLabel).join(', ')}${more}.`;
}
