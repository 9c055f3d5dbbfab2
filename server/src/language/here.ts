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
import { gateBadge, gateSentences, upperFirst, waveText } from '../core/plan/words.ts';
import type { Manifest, YamlDocument } from '../manifest/model.ts';
import { listed } from './naming.ts';
import { positionText, taskLabel, type PlanView } from './place.ts';
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
  const at = facts?.at(manifest);
  const places = facts && at ? facts.view.placesAt(at.file, at.line) : [];
  const templated =
    manifest.annotations.some((entry) => entry.templated && ORDERING_KEYS.has(entry.key)) ||
    mayBringEntries(document, manifest);
  if (facts && places.some(({ task }) => task.origin !== undefined))
    return join([...renderedTexts(places, facts.view), templated ? '' : policySentences(object)]);
  if (templated) return 'Here: a template decides about the place.';
  if (isSkip(object)) return 'Here: neither applied nor pruned (Skip).';
  if (isIgnored(object) && deletePhases(object).length === 0) return `Here: left out. ${ignoredReason(object).text}`;
  const left = facts && at && places.length === 0 ? facts.view.leftOutAt(at.file, at.line) : undefined;
  if (left !== undefined) return `Here: left out. ${left}`;
  const lines =
    places.length > 0 && facts ? places.map((place) => placeText(place, facts.view)) : [declaredText(manifest)];
  const built = facts && places.length > 0 ? builtText(facts.view) : '';
  return join([...lines, policySentences(object), built]);
}

const join = (texts: readonly string[]): string => texts.filter((text) => text !== '').join('\n\n');

/** What kustomize or Helm made of the manifest: of a template they may have made several. */
function renderedTexts(places: readonly PlanPlace[], view: PlanView): string[] {
  const several = places.length > 1;
  const lines = places
    .slice(0, SHOWN)
    .map((place) => `${several ? `${taskLabel(place)}. ` : ''}${placeText(place, view)}`);
  const more = places.length > SHOWN ? [`And ${places.length - SHOWN} more.`] : [];
  return [...lines, ...more, places[0]?.task.origin ?? ''];
}

/** What is shown is what the files say; a kustomization or a chart may make something else of them. */
function builtText({ plan: { source } }: PlanView): string {
  const where = source.path === '.' ? '' : ` (${source.path})`;
  if (source.kind === 'kustomize')
    return `A kustomization${where} builds on this file: its patches and commonAnnotations may still change this.`;
  return source.kind === 'helm' ? `Helm renders this file${where}: values may still change this.` : '';
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
  const where = `Here: ${phase}, ${waveText(wave.wave)}, ${positionText(place)}, ${companyText(place, view)}.`;
  const around = [beforeText(place, view), afterText(place, view)];
  return [where, ...reasons, ...gateTexts(place), ...around].filter((text) => text !== '').join(' ');
}

function companyText({ wave }: PlanPlace, view: PlanView): string {
  const index = view.waveIndex(wave);
  const inSync = index === undefined ? undefined : view.waves[index]?.length;
  const count = inSync ?? wave.batches.reduce((sum, batch) => sum + batch.tasks.length, 0);
  return count === 1
    ? `alone in ${waveText(wave.wave)}`
    : `with ${count - 1} other${count === 2 ? '' : 's'} in ${waveText(wave.wave)}`;
}

/** What waits for the task, what may keep it waiting for ever, and what else of its wave is waited for. */
function gateTexts({ wave, task, index, total }: PlanPlace): string[] {
  const { waits, free, hang } = gateSentences(wave.gate, taskKey(task), index + 1 === total);
  const several = wave.gate.for.length > 1 || (wave.gate.for.length === 1 && waits === undefined);
  const whole = several ? `${upperFirst(waveText(wave.wave))} as a whole ${gateBadge(wave.gate)}.` : undefined;
  return [waits, free, hang, whole].filter((text) => text !== undefined);
}

const SHOWN = 5;

const listedTasks = (group: readonly PlanPlace[]): string => {
  const more = group.length > SHOWN ? ` and ${group.length - SHOWN} more` : '';
  return `${group.slice(0, SHOWN).map(taskLabel).join(', ')}${more}`;
};

/** The wave before: `Before it: Job db-migration.` */
function beforeText(place: PlanPlace, view: PlanView): string {
  const own = view.waveIndex(place.wave);
  const group = own === undefined ? undefined : view.waves[own - 1];
  return group ? `Before it: ${listedTasks(group)}.` : '';
}

/** The wave behind: `After it: ConfigMap settings, Service web.` */
function afterText(place: PlanPlace, view: PlanView): string {
  const own = view.waveIndex(place.wave);
  if (own === undefined) return '';
  const group = view.waves[own + 1];
  return group ? `After it: ${listedTasks(group)}.` : 'Nothing comes after it.';
}
