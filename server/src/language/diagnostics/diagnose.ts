import { positionIn } from '../../manifest/lines.ts';
import type { Manifest, Silence, Span, YamlDocument } from '../../manifest/model.ts';
import { isClean } from './clean.ts';
import { checkManifest, mayHoldFindings } from './dispatch.ts';
import type { Finding, Levels, LevelSetting, Rule } from './model.ts';

/** What decides about the findings of a document, beside its text. */
export interface DiagnoseOptions {
  readonly argocdVersion: string;
  readonly listedByKustomization: boolean;
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
  if (!expected && isClean({ document, ...options })) return NOTHING;
  return findingsIn(document, options);
}

/** The findings of a document, with their places; for documents of which `isClean` is not certain. */
export function findingsIn(document: YamlDocument, options: DiagnoseOptions): readonly Finding[] {
  const { levels, ...rest } = options;
  const context = { document, ...rest };
  const findings: Finding[] = [];
  for (const manifest of document.manifests) {
    checkManifest(manifest, context, (rule, { fixes = noFixes, ...report }) => {
      const setting = settingOf(rule, levels);
      if (setting === 'off') return true;
      const own = standsElsewhere(manifest, report.span) ? noFixes : fixes;
      const finding = { ...report, rule: rule.id, fixes: own, level: setting ?? report.level };
      if (!isSilenced(finding, document)) findings.push(finding);
      return true;
    });
  }
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
