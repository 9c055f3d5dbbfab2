import type { AnnotationsPart, Manifest, YamlDocument } from '../../manifest/model.ts';
import { ManifestFacts } from './facts.ts';
import type { Report, Rule, RuleContext } from './model.ts';
import { judgedPart, labelOfPart, levelInPart } from './parts.ts';
import { RULES } from './rules.ts';
import { concerns, isApplied, mayConcern, type Subject } from './subjects.ts';

/** What the rules may know of a document, beside each of its manifests. */
export type DocumentContext = Omit<RuleContext, 'facts' | 'part'>;

interface Check {
  readonly rule: Rule;
  readonly about: readonly Subject[];
  readonly check: NonNullable<Rule['check']>;
}

const ANNOTATED: readonly Subject[] = ['annotations'];

/** The checks of the document tier. */
const CHECKS: readonly Check[] = RULES.flatMap((rule) =>
  rule.check ? [{ rule, about: rule.about ?? ANNOTATED, check: rule.check }] : [],
);
const SUBJECTS: readonly Subject[] = [...new Set(CHECKS.flatMap(({ about }) => about))];

/** Tells of most documents that no rule finds anything in them, by a look at the text. */
export const mayHoldFindings = ({ text }: YamlDocument): boolean =>
  SUBJECTS.some((subject) => mayConcern(subject, text));

/**
 * What the rules say of one manifest, in the order of the rules, given to `take` as it is found until that returns
 * false. Rules about what the manifest does not have are not asked, and what several of them want to know is worked
 * out once.
 */
export function checkManifest(
  manifest: Manifest,
  document: DocumentContext,
  take: (rule: Rule, report: Report) => boolean,
): void {
  if (!isApplied(manifest.object)) return;
  const concerned = SUBJECTS.filter((subject) => concerns(subject, manifest));
  if (concerned.length === 0) return;
  const context: RuleContext = { ...document, facts: new ManifestFacts(manifest.object) };
  for (const { rule, about, check } of CHECKS) {
    if (!about.some((subject) => concerned.includes(subject))) continue;
    for (const report of check(manifest, context)) if (!take(rule, report)) return;
  }
}

/** The checks that are right of annotations apart from their object. */
const PART_CHECKS: readonly Check[] = CHECKS.filter(({ rule }) => rule.parts === true);

/** The same of annotations that stand apart from the object that gets them: by the rules that judge these by themselves. */
export function checkPart(
  part: AnnotationsPart,
  document: DocumentContext,
  take: (rule: Rule, report: Report) => boolean,
): void {
  const { kind } = part;
  const manifest = judgedPart(part);
  if (manifest.annotations.length + (manifest.syncOptions ?? []).length === 0) return;
  const facts = new ManifestFacts(manifest.object, labelOfPart(part));
  const context: RuleContext = { ...document, part: kind, facts };
  for (const { rule, check } of PART_CHECKS) {
    for (const report of check(manifest, context)) {
      if (!take(rule, { ...report, level: levelInPart(kind, report.level) })) return;
    }
  }
}
