import type { Json } from '#core/object';
import type { LintFinding } from '#service';
import { writeJson } from '#core/json';
import type { Call } from '../args.ts';
import { configOf } from '../config.ts';
import { harmless, styled, type Output } from '../output.ts';
import { counted } from '#core/plan/words';
import { VERSION } from '../version.ts';
import { openPaths } from '../workspace.ts';

/** From the gravest to the least. */
const SEVERITIES = ['error', 'warning', 'info', 'hint'] as const;
type Severity = (typeof SEVERITIES)[number];

const STYLES = { error: 'red', warning: 'yellow', info: 'cyan', hint: 'dim' } as const;

/** Runs `lint`: exit 1 where a finding is as grave as `--max-severity`, or graver. */
export async function lint({ flags, paths }: Call, output: Output): Promise<number> {
  const format = flags.oneOf('format', ['text', 'json'], 'text');
  const limit = flags.oneOf('max-severity', SEVERITIES, 'error');
  const service = await openPaths(paths, await configOf(flags));
  await service.render(service.applications());
  const { files, manifests, findings, problems } = service.lint();
  for (const { file, message } of problems) output.message(harmless(`${file ?? ''}: ${message}`));
  if (format === 'json') {
    const tool = { name: 'argocd-hooks', version: VERSION };
    const report = { version: 1, tool, files, manifests, diagnostics: findings };
    output.data(`${writeJson(report as unknown as Json, 2)}\n`);
  } else {
    for (const finding of findings) output.data(`${findingText(finding, output)}\n`);
    output.message(summary(files, manifests, findings));
  }
  const grave = SEVERITIES.slice(0, SEVERITIES.indexOf(limit) + 1);
  if (problems.length > 0) return 2;
  return findings.some(({ severity }) => grave.includes(severity)) ? 1 : 0;
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

function summary(files: number, manifests: number, findings: readonly LintFinding[]): string {
  const where = `${counted(manifests, 'manifest')} in ${counted(files, 'file')}`;
  if (findings.length === 0) return `${where}: nothing to complain about.`;
  const counts = SEVERITIES.map(
    (severity: Severity) => [severity, findings.filter((f) => f.severity === severity).length] as const,
  )
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => counted(count, severity));
  return `${where}: ${counts.join(', ')}.`;
}
