import type { PlacedDocument } from '../../manifest/model.ts';
import type { Application } from '../../workspace/model.ts';
import type { WorkspaceIndex } from '../../workspace/index.ts';
import { contextOf, type ApplicationBasis } from './application.ts';
import { isSilenced, settingOf, standsElsewhere } from './diagnose.ts';
import type { ApplicationReport, Finding, Levels, Related, Rule, Spot } from './model.ts';
import { RULES } from './rules.ts';
import { nameOrKind } from './where.ts';

/** A finding of the application tier: in which document of which file it is. */
export interface ApplicationFinding extends Finding {
  readonly file: string;
  /** Index of the document within the file. */
  readonly index: number;
  readonly placed: PlacedDocument;
}

export interface ApplicationOptions {
  readonly argocdVersion: string;
  readonly levels: Levels;
}

const CHECKS = RULES.flatMap((rule) => (rule.checkApplication ? [{ rule, check: rule.checkApplication }] : []));

/**
 * What the rules find in an application as its plan has it, rule after rule, so that whoever asks can give way in
 * between. They depend on the basis and on the options alone.
 */
export function* findingsOfApplication(
  index: WorkspaceIndex,
  application: Application,
  basis: ApplicationBasis,
  { argocdVersion, levels }: ApplicationOptions,
): Generator<readonly ApplicationFinding[]> {
  const wanted = CHECKS.filter(({ rule }) => settingOf(rule, levels) !== 'off');
  if (wanted.length === 0) return;
  const context = contextOf(index, application, basis.plan, argocdVersion);
  for (const { rule, check } of wanted) {
    if (context.complete || rule.partial === true) yield findingsOf(rule, check(context), levels);
  }
}

function findingsOf(rule: Rule, reports: readonly ApplicationReport[], levels: Levels): ApplicationFinding[] {
  const setting = settingOf(rule, levels);
  return reports.flatMap((report): ApplicationFinding[] => {
    const at = placeOf(report);
    if (!at || setting === 'off') return [];
    const { manifest, placed, file, index } = at.written;
    const { fixes = () => [] } = report;
    const own = { rule: rule.id, span: at.span };
    if (isSilenced(own, placed.document)) return [];
    const related = relatedOf(report);
    return [
      {
        ...own,
        file,
        index,
        placed,
        level: setting ?? report.level,
        message: report.message,
        ...(related.length > 0 ? { related } : {}),
        fixes: () => (standsElsewhere(manifest, at.span) ? [] : fixes(manifest, placed.document)),
      },
    ];
  });
}

/** Where a spot is written; undefined where no file holds it. */
function placeOf({ on, where = nameOrKind }: Spot) {
  const written = on.written();
  if (!written) return undefined;
  const { manifest, placed } = written;
  const span = where(manifest, placed.document) ?? nameOrKind(manifest, placed.document);
  return { written, span: span ?? manifest.span };
}

function relatedOf({ related = [] }: ApplicationReport): Related[] {
  return related.flatMap(({ message, ...spot }): Related[] => {
    const at = placeOf(spot);
    if (!at) return [];
    const { file, placed } = at.written;
    return [{ message, span: at.span, place: { file, placed } }];
  });
}
