import { isKustomization, type KubeObject } from '../../core/object.ts';
import { positionIn } from '../../manifest/lines.ts';
import type { Manifest, Silence, Span, YamlDocument } from '../../manifest/model.ts';
import type { Finding, LevelSetting, Rule, RuleContext } from './model.ts';
import { isClean } from './clean.ts';
import { RULES } from './rules.ts';

/** What decides about the findings of a document, beside its text. */
export interface DiagnoseOptions {
  readonly argocdVersion: string;
  readonly listedByKustomization: boolean;
  /** Levels as the user sets them, by the id of the rule. */
  readonly levels: Readonly<Record<string, LevelSetting>>;
}

const NOTHING: readonly Finding[] = [];
const noFixes = (): readonly [] => [];

/**
 * The findings of one document, in the order of its text. They depend on the document's text and on the options alone,
 * so they can be kept for as long as both stay. A document that cannot hold a finding is not parsed.
 */
export function diagnose(document: YamlDocument, options: DiagnoseOptions): readonly Finding[] {
  if (!mayHoldFindings(document.text)) return NOTHING;
  const context: RuleContext = { document, ...options };
  if (isClean(RULES, context)) return NOTHING;
  return findingsIn(context, options);
}

/** The findings of a document, with their places; for documents of which `isClean` is not certain. */
export function findingsIn(context: RuleContext, options: DiagnoseOptions): readonly Finding[] {
  const { document } = context;
  const findings: Finding[] = [];
  for (const manifest of document.manifests) {
    if (manifest.annotations.length === 0 && (manifest.syncOptions ?? []).length === 0) continue;
    if (!isApplied(manifest.object)) continue;
    for (const rule of RULES) {
      const setting = Object.hasOwn(options.levels, rule.id) ? options.levels[rule.id] : undefined;
      if (setting === 'off') continue;
      for (const { fixes = noFixes, ...report } of rule.check(manifest, context)) {
        const own = standsElsewhere(manifest, report.span) ? noFixes : fixes;
        const finding = { ...report, rule: rule.id, fixes: own, level: setting ?? report.level };
        if (!isSilenced(finding, rule, document)) findings.push(finding);
      }
    }
  }
  return findings.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}

/** What a merge key brings from outside of the annotations may serve others too: it is shown there, and not changed. */
function standsElsewhere({ annotations, annotationsSpan }: Manifest, { start, end }: Span): boolean {
  return annotations.some(({ merged, keySpan, valueSpan }) => {
    if (merged !== true || start < keySpan.start || Math.max(keySpan.end, valueSpan.end) < end) return false;
    return !annotationsSpan || start < annotationsSpan.start || annotationsSpan.end < end;
  });
}

/** Other files hold `metadata` too: values of Helm without a kind, and kustomizations, which are no objects of a cluster. */
const isApplied = (object: KubeObject): boolean =>
  (object['kind'] !== undefined || object['apiVersion'] !== undefined) && !isKustomization(object);

/** Rules look at annotations, and at the sync options of Applications. */
const mayHoldFindings = (text: string): boolean => text.includes('annotations') || text.includes('syncOptions');

function isSilenced(finding: Finding, rule: Rule, document: YamlDocument): boolean {
  const own = document.silences.filter((silence: Silence) => silence.rule === rule.id);
  if (own.length === 0) return false;
  const { line } = positionIn(document.text, document.lineStarts, finding.span.start);
  return own.some((silence) => silence.line === undefined || silence.line === line);
}
