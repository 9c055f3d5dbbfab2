import { hookTypes } from '../../core/annotations/classify.ts';
import {
  HELM_HOOK,
  HELM_HOOK_DELETE_POLICY,
  HELM_HOOK_WEIGHT,
  HOOK,
  HOOK_DELETE_POLICY,
  SYNC_OPTIONS,
  SYNC_WAVE,
  type DeletePolicy,
} from '../../core/annotations/keys.ts';
import { parseInteger, parseList } from '../../core/annotations/parse.ts';
import { parseDocument } from '../../manifest/document.ts';
import { addAnnotation, applyEdits, removeAnnotation, setAnnotationValue, type Edit } from '../../manifest/edit.ts';
import type { AnnotationEntry, Manifest, YamlDocument } from '../../manifest/model.ts';
import { entryOf, judged, type Fix } from './model.ts';
import { commonEnds } from '../../manifest/common-ends.ts';
import { editsOf } from './fixes.ts';

/** A manifest and the document that it stands in. */
export interface Target {
  readonly document: YamlDocument;
  readonly manifest: Manifest;
}

const HELM_POLICY: Readonly<Record<DeletePolicy, string>> = {
  BeforeHookCreation: 'before-hook-creation',
  HookSucceeded: 'hook-succeeded',
  HookFailed: 'hook-failed',
};

/** The annotation in which a hook names its delete policies, if it has one, and the one to write them into. */
function policyEntry(manifest: Manifest): { key: string; entry: ReturnType<typeof judged> } {
  const own = judged(manifest, HOOK_DELETE_POLICY);
  if (own) return { key: HOOK_DELETE_POLICY, entry: own };
  const helm = judged(manifest, HELM_HOOK_DELETE_POLICY);
  if (helm) return { key: HELM_HOOK_DELETE_POLICY, entry: helm };
  return { key: entryOf(manifest, HOOK) ? HOOK_DELETE_POLICY : HELM_HOOK_DELETE_POLICY, entry: undefined };
}

const nameFor = (policy: DeletePolicy, key: string): string =>
  key === HELM_HOOK_DELETE_POLICY ? HELM_POLICY[policy] : policy;

/** Adds a delete policy beside those that the hook has; `along` come too where the hook names none at all. */
export function addPolicy(
  { document, manifest }: Target,
  policy: DeletePolicy,
  along: readonly DeletePolicy[] = [],
): Fix {
  const { key, entry } = policyEntry(manifest);
  const name = nameFor(policy, key);
  const named = entry ? parseList(entry.value) : [];
  const others = named.length > 0 ? named : along.map((other) => nameFor(other, key));
  const list = policy === 'BeforeHookCreation' ? [name, ...others] : [...others, name];
  const edit = entry
    ? setAnnotationValue(document, entry, list.join(','))
    : addAnnotation(document, manifest, key, list.join(','));
  return { title: `Add ${name}`, edits: editsOf(edit), preferred: true, safe: false };
}

/** Puts a delete policy in the place of another; it is left out where the hook has it already. */
export function replacePolicy({ document, manifest }: Target, was: DeletePolicy, by: DeletePolicy): Fix {
  const edits: Edit[] = [];
  let title = '';
  for (const key of [HOOK_DELETE_POLICY, HELM_HOOK_DELETE_POLICY]) {
    const entry = judged(manifest, key);
    const named = entry ? parseList(entry.value) : [];
    if (!entry || !named.includes(nameFor(was, key))) continue;
    const name = nameFor(by, key);
    const kept = named.filter((item) => item !== nameFor(was, key) && item !== name);
    edits.push(setAnnotationValue(document, entry, [name, ...kept].join(',')));
    title ||= named.includes(name) ? `Remove ${nameFor(was, key)}` : `Replace ${nameFor(was, key)} with ${name}`;
  }
  return { title, edits, preferred: true, safe: false };
}

type Step = (document: YamlDocument, manifest: Manifest) => Edit | undefined;

/** Several edits of one manifest, each made on what the former left, as the one edit that they come to. */
function inSteps({ document, manifest }: Target, steps: readonly Step[]): Edit | undefined {
  const index = document.manifests.indexOf(manifest);
  let current = document;
  for (const step of steps) {
    const own = current === document ? manifest : current.manifests[index];
    const edit = own && step(current, own);
    if (edit) current = parseDocument(applyEdits(current.text, [edit]));
  }
  return difference(document.text, current.text);
}

/** What turns one text into another: what stands between their common beginning and end. */
function difference(before: string, after: string): Edit | undefined {
  if (before === after) return undefined;
  const { head, tail } = commonEnds(before, after);
  return { start: head, end: before.length - tail, newText: after.slice(head, after.length - tail) };
}

const remove =
  (key: string): Step =>
  (document, manifest) => {
    const entry = entryOf(manifest, key);
    return entry && removeAnnotation(document, manifest, entry);
  };

/** Makes an ordinary resource of a hook; one that ran before the sync gets a wave before the others. */
export function dropHook(target: Target): Fix {
  const { manifest } = target;
  const early = hookTypes(manifest.object).includes('PreSync');
  const steps = [
    ...(early ? [toWave(manifest)] : []),
    ...[HOOK, HELM_HOOK, HOOK_DELETE_POLICY, HELM_HOOK_DELETE_POLICY].map(remove),
  ];
  return {
    title: early ? 'Make it a resource of an early wave' : 'Make it an ordinary resource',
    edits: editsOf(inSteps(target, steps)),
    preferred: true,
    safe: false,
  };
}

/** The hook annotation gives way to a wave; an earlier wave that is there stays. */
function toWave(manifest: Manifest): Step {
  const wave = entryOf(manifest, SYNC_WAVE) ?? entryOf(manifest, HELM_HOOK_WEIGHT);
  const number = typeof wave?.value === 'string' ? parseInteger(wave.value) : undefined;
  if (wave && number !== undefined && number < 0) return () => undefined;
  if (wave && wave.merged !== true) return (document) => setAnnotationValue(document, wave, '-1');
  return (document, own) => addAnnotation(document, own, SYNC_WAVE, '-1');
}

/** Runs a hook in another phase. */
export function changePhase(
  { document, manifest }: Target,
  was: string,
  by: string,
  entry: AnnotationEntry & { readonly value: string },
): Fix {
  const list = parseList(entry.value).map((item) => (item === was ? by : item));
  return {
    title: `Run it in ${by}`,
    edits: entryOf(manifest, entry.key) ? [setAnnotationValue(document, entry, list.join(','))] : [],
    preferred: true,
    safe: false,
  };
}

/** Makes a hook of Argo CD's from a manifest that is none. */
export function makeHook({ document, manifest }: Target, phase: string): Fix {
  const edit = addAnnotation(document, manifest, HOOK, phase);
  return { title: `Make it a ${phase} hook`, edits: editsOf(edit), preferred: false, safe: false };
}

/** Sets sync options of a manifest beside those that it has. */
export function addSyncOptions({ document, manifest }: Target, options: readonly string[]): Fix {
  const entry = judged(manifest, SYNC_OPTIONS);
  const had = entry ? parseList(entry.value) : [];
  const value = [...had, ...options.filter((option) => !had.includes(option))].join(',');
  const edit = entry
    ? setAnnotationValue(document, entry, value)
    : addAnnotation(document, manifest, SYNC_OPTIONS, value);
  return { title: `Add ${options.join(',')}`, edits: editsOf(edit), preferred: true, safe: false };
}

/** Takes sync options of a manifest out, the annotation with the last of them. */
export function removeSyncOptions({ document, manifest }: Target, options: readonly string[]): Fix {
  const entry = judged(manifest, SYNC_OPTIONS);
  const kept = entry ? parseList(entry.value).filter((item) => !options.includes(item)) : [];
  const edit =
    entry &&
    (kept.length > 0
      ? setAnnotationValue(document, entry, kept.join(','))
      : removeAnnotation(document, manifest, entry));
  return { title: `Remove ${options.join(',')}`, edits: editsOf(edit), preferred: true, safe: false };
}
