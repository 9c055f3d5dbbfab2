import { diagnose } from '../language/diagnostics/diagnose.ts';
import type { ApplicationFinding } from '../language/diagnostics/application-finding.ts';
import type { FolderSettings } from '../language/folder-settings.ts';
import { rangeOf } from '../manifest/source-file.ts';
import type { Folder } from './folder.ts';
import type { FoundProblem } from './protocol.ts';
import type { Session } from './session.ts';
import { Slices } from './turns.ts';

/**
 * Errors and warnings of both tiers in all files of an application, opened or not, in the order of its files and of their
 * texts.
 * @param params FindingsParams
 */
export async function onFindings(session: Session, params: unknown): Promise<FoundProblem[]> {
  const found = await session.plans.applications.find(params);
  if (!found) return [];
  const { folder, application } = found;
  const settings = session.settings.of(folder.uri);
  if (!settings.enable) return [];
  const others = await session.applications.ofApplication(folder, application, settings);
  const slices = new Slices();
  const problems: FoundProblem[] = [];
  for (const file of application.files) {
    problems.push(...problemsIn(folder, file, settings, others));
    const rest = slices.rest();
    if (rest) await rest;
  }
  return problems;
}

function problemsIn(
  { index }: Folder,
  file: string,
  { argocdVersion, levels }: FolderSettings,
  others: readonly ApplicationFinding[],
): FoundProblem[] {
  const options = {
    ...{ argocdVersion, levels },
    listedByKustomization: index.isKustomized(file),
    patch: index.isPatch(file),
  };
  const found = (index.file(file)?.documents ?? []).flatMap((placed, i) => {
    const own = others.filter((finding) => finding.file === file && finding.index === i);
    return [...diagnose(placed.document, options), ...own].flatMap(({ level, message, span }): FoundProblem[] =>
      level === 'error' || level === 'warning'
        ? [{ file, line: rangeOf(placed, span).start.line + 1, severity: level, message }]
        : [],
    );
  });
  return found.sort((a, b) => a.line - b.line);
}
