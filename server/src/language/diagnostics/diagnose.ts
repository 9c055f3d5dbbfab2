import { positionIn } from '../../manifest/lines.ts';
import type { Manifest, Silence, Span, YamlDocument } from '../../manifest/model.ts';
import { isClean } from './clean.ts';
import { checkManifest, checkPart, mayHoldFindings } from './dispatch.ts';
import type { Finding, Levels, LevelSetting, Report, Rule } from './model.ts';
import { patchOf } from './parts.ts';

/** What decides about the findings of a document, beside its text. */
export interface DiagnoseOptions {
  readonly argocdVersion: string;
  readonly listedByKustomization: boolean;
  /** A kustomization takes the file for a patch: its manifests are parts of those that they change. */
  readonly patch?: boolean;
  /** Levels as the user sets them, by the id of the rule. */
  readonly levels: Levels;
}

const NOTHING: readonly Finding[] = [];
const noFixes = (): readonly [] => [];

/**
 * The findings of one document, in the order of its text. They depend on the document's text and on the options alone,
 * so they can be kept for as long as both stay. A document that cannot hold a finding is not parsed.
 * @param expected it probably has findings, so that it does not pay to ask first whether it is clean
 */
export function diagnose(document: YamlDocument, options: DiagnoseOptions, expected = false): readonly Finding[] {
  if (!mayHoldFindings(document)) return NOTHING;
  if (!expected && options.patch !== true && isClean({ document, ...options })) return NOTHING;
  return findingsIn(document, options);
}

/** The findings of a document, with their places; for documents of which `isClean` is not certain. */
export function findingsIn(document: YamlDocument, options: DiagnoseOptions): readonly Finding[] {
  const { levels, argocdVersion, listedByKustomization, patch = false } = options;
  const context = { document, argocdVersion, listedByKustomization };
  const findings: Finding[] = [];
  const takeFrom =
    (manifest: Manifest) =>
    (rule: Rule, { fixes = noFixes, ...report }: Report): boolean => {
      const setting = settingOf(rule, levels);
      if (setting === 'off') return true;
      const own = standsElsewhere(manifest, report.span) ? noFixes : fixes;
      const finding = { ...report, rule: rule.id, fixes: own, level: setting ?? report.level };
      if (!isSilenced(finding, document)) findings.push(finding);
      return true;
    };
  for (const manifest of document.manifests) {
    if (patch) checkPart(patchOf(manifest), context, takeFrom(manifest));
    else checkManifest(manifest, context, takeFrom(manifest));
  }
  for (const part of document.parts) checkPart(part, context, takeFrom(part.manifest));
  return findings.sort(byPlace);
}

/** The user's level of a rule; undefined where it decides itself. */
export const settingOf = ({ id }: Rule, levels: Levels): LevelSetting | undefined =>
  Object.hasOwn(levels, id) ? levels[id] : undefined;

export const byPlace = (a: Finding, b: Finding): number => a.span.start - b.span.start || a.span.end - b.span.end;

/** What a merge key brings from outside of the annotations may serve others too: it is shown there, and not changed. */
export function standsElsewhere({ annotations, annotationsSpan }: Manifest, { start, end }: Span): boolean {
  return annotations.some(({ merged, keySpan, valueSpan }) => {
    if (merged !== true || start < keySpan.start || Math.max(keySpan.end, valueSpan.end) < end) return false;
    return !annotationsSpan || start < annotationsSpan.start || annotationsSpan.end < end;
  });
}

/** Whether a comment of the document silences a finding. */
export function isSilenced({ rule, span }: Pick<Finding, 'rule' | 'span'>, document: YamlDocument): boolean {
  const own = document.silences.filter((silence: Silence) => silence.rule === rule);
  if (own.length === 0) return false;
  const { line } = positionIn(document.text, document.lineStarts, span.start);
  return own.some((silence) => silence.line === undefined || silence.line === line);
}
