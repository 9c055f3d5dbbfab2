import type { Application } from '../../workspace/model.ts';
import type { WorkspaceIndex } from '../../workspace/index.ts';
import { contextOf, type ApplicationBasis } from './application.ts';
import { isSilenced, settingOf, standsElsewhere } from './diagnose.ts';
import { findingsOfRendered, isSaid, renderedFinding } from './diagnose-rendered.ts';
import { leadBack } from './lead-back.ts';
import type { ApplicationReport, Related, Rule, Spot } from './model.ts';
import { RULES } from './rules.ts';
import { nameOrKind } from './where.ts';
import type { ApplicationFinding, ApplicationOptions } from './application-finding.ts';

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
  if (wanted.length > 0) {
    const context = contextOf(index, application, basis.plan, argocdVersion);
    for (const { rule, check } of wanted) {
      if (context.complete || rule.partial === true)
        yield findingsOf(rule, check(context), { index, options: { argocdVersion, levels } });
    }
  }
  yield* findingsOfRendered(index, application, { argocdVersion, levels });
}

interface Scope {
  readonly index: WorkspaceIndex;
  readonly options: ApplicationOptions;
}

function findingsOf(rule: Rule, reports: readonly ApplicationReport[], { index: files, options }: Scope) {
  const setting = settingOf(rule, options.levels);
  return reports.flatMap((report): ApplicationFinding[] => {
    if (setting === 'off') return [];
    const at = placeOf(report);
    const { rendered } = report.on;
    if (rendered) {
      const led = leadBack(files, rendered);
      const place = led && at ? { ...led, span: at.span } : led;
      if (!place || isSaid(files, options, rule.id, place)) return [];
      const related = relatedOf(report);
      const finding = { rule: rule.id, level: setting ?? report.level, message: report.message };
      return [{ ...renderedFinding(finding, place), ...(related.length > 0 ? { related } : {}) }];
    }
    if (!at) return [];
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

/**
 * The findings of several applications, those left out that say the same of a place again: of manifests that are
 * rendered from one place the first is enough, and none where the rule finds the place wrong as it is written.
 */
export function distinct(findings: readonly ApplicationFinding[]): readonly ApplicationFinding[] {
  const said = new Map<string, ApplicationFinding>();
  const written = new Set<string>();
  for (const finding of findings) {
    const { index, span, rule, message, rendered } = finding;
    const place = `${index}:${span.start}:${span.end}:${rule}`;
    if (!rendered) written.add(place);
    const key = rendered ? place : `${place}:${message}`;
    if (!said.has(key)) said.set(key, finding);
  }
  return [...said.values()].filter(
    ({ index, span, rule, rendered }) => !rendered || !written.has(`${index}:${span.start}:${span.end}:${rule}`),
  );
}
