import { isApplicationKind } from '../../core/annotations/catalogue.ts';
import { HELM_HOOK, HOOK, SYNC_OPTIONS } from '../../core/annotations/keys.ts';
import { generateNameOf, gvkOf, isKustomization, type KubeObject } from '../../core/object.ts';
import type { Manifest } from '../../manifest/model.ts';

/** What a rule is about. A document or manifest without it never pays for the rule. */
export type Subject = 'annotations' | 'hook' | 'sync-options' | 'application' | 'generated-name' | 'job' | 'elsewhere';

interface Probe {
  /** Cheap, and never wrong where it says no: a document whose text fails it is not parsed for the rule. */
  readonly text: (text: string) => boolean;
  readonly manifest: (manifest: Manifest) => boolean;
}

const hasKey = (manifest: Manifest, ...keys: readonly string[]): boolean =>
  manifest.annotations.some(({ key }) => keys.includes(key));

/** `annotations`, or `commonAnnotations` and the like. */
const annotated = (text: string): boolean => text.includes('nnotations');

/** A value that is this word: not one of a longer word, and hardly ever one of a sentence. */
const WORD_JOB = /\bJob["']?[ \t]*(?:[,}#\r\n]|$)/;

const PROBES: Readonly<Record<Subject, Probe>> = {
  /** Any annotation at all. */
  annotations: { text: annotated, manifest: ({ annotations }) => annotations.length > 0 },
  /** The hook annotation, Argo CD's or Helm's, whatever it says. */
  hook: { text: annotated, manifest: (manifest) => hasKey(manifest, HOOK, HELM_HOOK) },
  /** The annotation `sync-options`. */
  'sync-options': { text: annotated, manifest: (manifest) => hasKey(manifest, SYNC_OPTIONS) },
  /** An Application of Argo CD. */
  application: {
    text: (text) => text.includes('Application'),
    manifest: ({ object }) => isApplicationKind(gvkOf(object)),
  },
  /** `metadata.generateName`. */
  'generated-name': {
    text: (text) => text.includes('generateName'),
    manifest: ({ object }) => generateNameOf(object) !== '',
  },
  /** Keys of annotations anywhere in the document, whatever they are there. */
  elsewhere: {
    text: (text) => text.includes('argocd.argoproj.io') || text.includes('helm.sh'),
    manifest: () => true,
  },
  /** A Job, hook or not. */
  job: {
    text: (text) => text.includes('Job') && WORD_JOB.test(text),
    manifest: ({ object }) => object['kind'] === 'Job',
  },
};

export const mayConcern = (subject: Subject, text: string): boolean => PROBES[subject].text(text);
export const concerns = (subject: Subject, manifest: Manifest): boolean => PROBES[subject].manifest(manifest);

/**
 * Other files hold `metadata` too: values of Helm without a kind, and kustomizations, which are no objects of a
 * cluster.
 */
export const isApplied = (object: KubeObject): boolean =>
  (object['kind'] !== undefined || object['apiVersion'] !== undefined) && !isKustomization(object);
