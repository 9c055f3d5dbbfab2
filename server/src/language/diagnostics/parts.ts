import { annotationFor } from '../../core/annotations/catalogue.ts';
import { kindOf, nameOf } from '../../core/object.ts';
import type { AnnotationsPart, Manifest, PartKind } from '../../manifest/model.ts';
import { labelOf } from '../naming.ts';
import type { Level } from './model.ts';

/** A name that names one object: kustomize takes that of a target for a regular expression. */
const PLAIN = /^[a-z0-9][a-z0-9.-]*$/;

/** How messages speak of what gets annotations that stand apart from it. */
export function labelOfPart({ kind, target, manifest: { object } }: AnnotationsPart): string {
  switch (kind) {
    case 'common':
      return 'everything that kustomize builds here';
    case 'generator':
      return target.name === '' ? 'what the generators make' : `${target.kind} ${target.name}`;
    case 'values':
      return 'what is rendered with these values';
    case 'template':
      return target.name === '' ? 'each generated Application' : `each Application of ${target.kind} ${target.name}`;
    case 'json-patch':
    case 'patch': {
      if (target.kind !== '') return PLAIN.test(target.name) ? `${target.kind} ${target.name}` : `each ${target.kind}`;
      return kindOf(object) === '' || nameOf(object) === '' ? 'what this patch changes' : labelOf(object);
    }
  }
}

/** A manifest in a file of its own that a kustomization takes for a patch. */
export const patchOf = (manifest: Manifest): AnnotationsPart => ({
  kind: 'patch',
  target: { kind: '', name: '' },
  manifest,
});

/** Keys of annotations that say something about a sync, and what may be meant for one. */
const OURS = /^(?:argocd\.argoproj\.io|argoproj\.io)\//;

/** What the rules look at: among values of a chart nothing but keys of Argo CD and of Helm's hooks. */
export function judgedPart({ kind, manifest }: AnnotationsPart): Manifest {
  if (kind !== 'values') return manifest;
  const annotations = manifest.annotations.filter(
    ({ key }) => OURS.test(key) || annotationFor(key, true) !== undefined,
  );
  return { ...manifest, annotations };
}

/** What becomes of values is for the templates to say: nothing among them is an error for certain. */
export const levelInPart = (kind: PartKind, level: Level): Level =>
  kind === 'values' && level === 'error' ? 'warning' : level;
