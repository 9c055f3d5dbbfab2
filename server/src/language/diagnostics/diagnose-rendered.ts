import type { PlacedObject } from '../../core/plan/model.ts';
import { kindOf } from '../../core/object.ts';
import type { Manifest, YamlDocument } from '../../manifest/model.ts';
import type { WorkspaceIndex } from '../../workspace/index.ts';
import type { Application } from '../../workspace/model.ts';
import { objectsOfDocument } from '../../workspace/objects.ts';
import type { RenderedSource } from '../../workspace/render/rendered.ts';
import { indexOfRendered } from '../../workspace/renderings.ts';
import { diagnose, isSilenced } from './diagnose.ts';
import type { ApplicationFinding, ApplicationOptions } from './application-finding.ts';
import { leadBack } from './lead-back.ts';
import type { RenderedFrom, SourcePlace } from './rendered-from.ts';
import type { Finding } from './model.ts';

/** One document of what the sources of an application were rendered to, with its objects in their order. */
interface RenderedDocument {
  readonly source: RenderedSource;
  readonly document: YamlDocument;
  readonly objects: readonly PlacedObject[];
}

/** The objects of an application begin with those that were rendered, source after source. */
export function* renderedDocuments(
  sources: readonly RenderedSource[],
  objects: readonly PlacedObject[],
): Generator<RenderedDocument> {
  let at = 0;
  for (const source of sources) {
    for (const { document } of source.output.documents) {
      const count = objectsOfDocument(document).length;
      yield { source, document, objects: objects.slice(at, at + count) };
      at += count;
    }
  }
}

/**
 * What the rules of the document tier find in the manifests that an application was rendered to, document after
 * document, each led back to the source. What the source's own text shows is not said again. Of a source that could
 * not be rendered as it stands nothing is said.
 */
export function* findingsOfRendered(
  index: WorkspaceIndex,
  application: Application,
  options: ApplicationOptions,
): Generator<readonly ApplicationFinding[]> {
  const states = application.sources.map((_, i) => index.renderings.of(application, i));
  const stale = new Set(states.flatMap((state) => (state && state.problems.length > 0 ? (state.rendered ?? []) : [])));
  const { objects } = index.objects(application);
  const sources = index.renderedSources(application);
  for (const { source, document, objects: own } of renderedDocuments(sources, objects)) {
    if (stale.has(source)) continue;
    const findings = findingsIn(document, options);
    yield findings.length === 0
      ? []
      : ledBack(index, options, { application, source, document, objects: own }, findings);
  }
}

const known = new WeakMap<YamlDocument, { options: ApplicationOptions; findings: readonly Finding[] }>();

/** Kept with the document: it is the same one for as long as it comes out the same. */
function findingsIn(document: YamlDocument, options: ApplicationOptions): readonly Finding[] {
  const { argocdVersion, levels } = options;
  const kept = known.get(document);
  if (kept?.options.argocdVersion === argocdVersion && kept.options.levels === levels) return kept.findings;
  const findings = diagnose(document, { argocdVersion, levels, listedByKustomization: false });
  known.set(document, { options, findings });
  return findings;
}

function ledBack(
  index: WorkspaceIndex,
  options: ApplicationOptions,
  { application, source, document, objects }: RenderedDocument & { readonly application: Application },
  findings: readonly Finding[],
): ApplicationFinding[] {
  const manifests = document.manifests.filter(({ object }) => kindOf(object) !== '');
  return findings.flatMap((finding): ApplicationFinding[] => {
    const at = manifests.findIndex(({ span }) => span.start <= finding.span.start && finding.span.end <= span.end);
    const manifest = manifests[at];
    const from = fromOf(index, application, source, objects[at]);
    if (!manifest || !from) return [];
    const place = leadBack(index, from, { document, manifest, span: finding.span });
    if (!place || isSaid(index, options, finding.rule, place)) return [];
    return [renderedFinding(finding, place)];
  });
}

/** Where an object was rendered from; undefined for one that was not. */
export function fromOf(
  { renderings }: WorkspaceIndex,
  application: Application,
  source: RenderedSource,
  placed: PlacedObject | undefined,
): RenderedFrom | undefined {
  if (placed?.file === undefined || placed.line === undefined || placed.origin === undefined) return undefined;
  const { object, file, line, origin } = placed;
  const { declaredIn } = application;
  const nth = indexOfRendered(application, renderings, source);
  const declared = declaredIn && nth !== undefined ? { declared: { ...declaredIn, source: nth } } : {};
  return { source, object, file, line, origin, ...declared };
}

/**
 * A finding about a rendered manifest: it cannot be repaired where it is shown, for others may be rendered from there.
 * Shown where a value or a patch decides, it leads to the manifest that was rendered, too.
 */
export const renderedFinding = (
  { rule, level, message }: Pick<Finding, 'rule' | 'level' | 'message'>,
  { file, index, placed, span, origin, template }: SourcePlace,
): ApplicationFinding => ({
  ...{ rule, level, file, index, placed, span },
  message: `${message} ${origin}`,
  rendered: true,
  ...(template && template.placed.document !== placed.document
    ? { related: [{ message: 'Rendered from here.', span: template.span, place: template }] }
    : {}),
  fixes: () => [],
});

/** A comment silences the rule there, or the text there or that of the source shows the same. */
export function isSaid(
  index: WorkspaceIndex,
  { argocdVersion, levels }: ApplicationOptions,
  rule: string,
  { file, placed, span, patch = false, template }: SourcePlace,
): boolean {
  const findings = (path: string, document: YamlDocument): readonly Finding[] =>
    diagnose(document, {
      argocdVersion,
      levels,
      listedByKustomization: index.isKustomized(path),
      patch: index.isPatch(path),
    }).filter((finding) => finding.rule === rule);
  if (isSilenced({ rule, span }, placed.document)) return true;
  if (template && isSilenced({ rule, span: template.span }, template.placed.document)) return true;
  if (template?.placed.document !== placed.document) {
    // The rest of the document is about others.
    const there = findings(file, placed.document);
    if (there.some(({ span: other }) => other.start <= span.end && span.start <= other.end)) return true;
  }
  if (!template || patch) return false;
  const { manifest } = template;
  return findings(template.file, template.placed.document).some((finding) => !manifest || isOf(manifest, finding));
}

const isOf = ({ span }: Manifest, finding: Finding): boolean =>
  span.start <= finding.span.start && finding.span.end <= span.end;
