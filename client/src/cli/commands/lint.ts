import { git } from '#git-node';
import type { Json } from '#core/object';
import { RULE_INFOS, type LintFinding, type LintReport, type LintService } from '#service/lint';
import { writeJson } from '#core/json';
import { counted } from '#core/plan/words';
import { UsageError, type Call } from '../args.ts';
import { configOf, type Config } from '../config.ts';
import { fixFiles, type FixReport } from '../fix.ts';
import { harmless, styled, type Output } from '../output.ts';
import { sarifLog } from '../text/sarif.ts';
import { VERSION } from '../version.ts';
import { renderAll, rendererOf } from '../rendering.ts';
import { openPaths, readablePaths, repositoryPath, STDIN } from '../workspace.ts';

/** From the gravest to the least. */
const SEVERITIES = ['error', 'warning', 'info', 'hint'] as const;
type Severity = (typeof SEVERITIES)[number];

const STYLES = { error: 'red', warning: 'yellow', info: 'cyan', hint: 'dim' } as const;

/** What was found, and, where it was asked for, what was repaired before. */
interface Linted {
  readonly service: LintService;
  readonly report: LintReport;
  readonly fixes?: FixReport & { readonly findings: readonly LintFinding[] };
}

/** Runs `lint`: exit 1 where a finding is as grave as `--max-severity`, or graver. */
export async function lint({ flags, paths }: Call, output: Output): Promise<number> {
  const format = flags.oneOf('format', ['text', 'json', 'sarif'], 'text');
  const limit = flags.oneOf('max-severity', SEVERITIES, 'error');
  if (flags.has('fix') && paths.includes(STDIN))
    throw new UsageError('--fix writes files: the standard input (-) is none');
  const config = await configOf(flags);
  const linted = flags.has('fix') ? await fix(paths, config) : await look(paths, config);
  const { report, fixes } = linted;
  for (const { file, message } of [...report.problems, ...(fixes?.left ?? [])])
    output.message(harmless(`${file ?? ''}: ${message}`));
  for (const { file, line, message } of report.unrendered)
    output.message(harmless(`${file === undefined ? '' : `${file}:${line ?? 1}: `}${message}`));
  await write(linted, format, output);
  if (report.problems.length > 0 || fixes?.left.some(({ failed }) => failed) === true) return 2;
  const grave = SEVERITIES.slice(0, SEVERITIES.indexOf(limit) + 1);
  return report.findings.some(({ severity }) => grave.includes(severity)) ? 1 : 0;
}

async function look(paths: readonly string[], config: Config, renderer = rendererOf(config)): Promise<Linted> {
  const service = await openPaths(paths, config, renderer);
  await renderAll(service, service.applications());
  return { service, report: service.lint() };
}

/** Repairs what is beyond doubt, and looks again at what is there then. What stayed as it was is not rendered again. */
async function fix(paths: readonly string[], config: Config): Promise<Linted> {
  const renderer = rendererOf(config);
  const { service, report } = await look(paths, config, renderer);
  const given = await readablePaths(paths.length === 0 ? ['.'] : paths);
  const files = [...new Set(report.findings.map(({ file }) => file))];
  const done = await fixFiles(service, files, given);
  const after = done.fixed.length === 0 ? { service, report } : await look(paths, config, renderer);
  return { ...after, fixes: { ...done, findings: without(report.findings, after.report.findings) } };
}

/** The findings that are not there any more. */
function without(before: readonly LintFinding[], after: readonly LintFinding[]): LintFinding[] {
  const idOf = ({ file, rule, message }: LintFinding): string => [file, rule, message].join('\0');
  const left = new Map<string, number>();
  for (const finding of after) left.set(idOf(finding), (left.get(idOf(finding)) ?? 0) + 1);
  return before.filter((finding) => {
    const count = left.get(idOf(finding)) ?? 0;
    left.set(idOf(finding), count - 1);
    return count <= 0;
  });
}

async function write({ service, report, fixes }: Linted, format: string, output: Output): Promise<void> {
  const { files, manifests, findings, problems, unrendered } = report;
  if (format === 'json') {
    const tool = { name: 'argocd-hooks', version: VERSION };
    const fixed = fixes
      ? { fixed: fixes.findings.map(({ file, line, rule, message }) => ({ file, line, rule, message })) }
      : {};
    const json = {
      version: 1,
      tool,
      files,
      manifests,
      diagnostics: findings,
      problems: [...problems, ...unrendered],
      ...fixed,
    };
    output.data(`${writeJson(json as unknown as Json, 2)}\n`);
  } else if (format === 'sarif') {
    const prefix = (await git('.', 'rev-parse', '--show-prefix'))?.replace(/\n$/, '') ?? '';
    const uriOf = (file: string): string | undefined => (file === STDIN ? undefined : repositoryPath(prefix, file));
    const repairsOf = repairsIn(service, findings);
    const log = sarifLog({ version: VERSION, rules: RULE_INFOS, findings, problems, unrendered, repairsOf, uriOf });
    output.data(`${writeJson(log, 2)}\n`);
  } else {
    for (const finding of fixes?.findings ?? []) output.data(`${fixedText(finding, output)}\n`);
    for (const finding of findings) output.data(`${findingText(finding, output)}\n`);
    output.message(summary(report, fixes?.findings.length));
  }
}

/** The ways to repair each finding: those of a file stand in the order of its findings. */
function repairsIn(
  service: LintService,
  findings: readonly LintFinding[],
): (finding: LintFinding) => ReturnType<LintService['repairs']>[number] {
  const byFile = new Map<string, LintFinding[]>();
  for (const finding of findings) byFile.set(finding.file, [...(byFile.get(finding.file) ?? []), finding]);
  const repairs = new Map(
    [...byFile].flatMap(([file, own]) => {
      const all = service.repairs(file);
      return own.map((finding, i) => [finding, all[i] ?? []] as const);
    }),
  );
  return (finding) => repairs.get(finding) ?? [];
}

function findingText(
  { file, line, column, severity, message, rule, related, fixes }: LintFinding,
  output: Output,
): string {
  const place = styled(output, 'bold', harmless(`${file}:${line}:${column}`));
  const first = `${place}: ${styled(output, STYLES[severity], severity)}: ${harmless(message)} [${rule}]`;
  const others = related.map((r) => `    ${harmless(`${r.file}:${r.line}:${r.column}: ${r.message}`)}`);
  const fix = fixes.map((title) => `    fix: ${harmless(title)}`);
  return [first, ...others, ...fix].join('\n');
}

const fixedText = ({ file, line, message, rule }: LintFinding, output: Output): string =>
  `${styled(output, 'bold', harmless(`${file}:${line}`))}: ${styled(output, 'green', 'fixed')}: ${harmless(message)} [${rule}]`;

function summary({ files, manifests, findings }: LintReport, fixed: number | undefined): string {
  const where = `${counted(manifests, 'manifest')} in ${counted(files, 'file')}`;
  const done = fixed === undefined ? '' : `${fixed} fixed, `;
  if (findings.length === 0)
    return `${where}: ${done}nothing ${done === '' ? 'to complain about' : 'left to complain about'}.`;
  const counts = SEVERITIES.map(
    (severity: Severity) => [severity, findings.filter((f) => f.severity === severity).length] as const,
  )
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => counted(count, severity));
  return `${where}: ${done}${counts.join(', ')}.`;
}
