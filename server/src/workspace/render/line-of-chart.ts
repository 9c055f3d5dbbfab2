import { positionIn } from '../../manifest/lines.ts';
import { Locator } from '../../manifest/locate.ts';
import type { SourceFile } from '../../manifest/source-file.ts';

/** Where an Application, or the template of an ApplicationSet, has its sources. */
const WAYS = [['spec'], ['spec', 'template', 'spec']];

/**
 * The line (1-based) on which an Application or ApplicationSet names the chart of one of its sources; that of its own
 * beginning where it cannot be told. Parses the document.
 * @param line of its beginning
 */
export function lineOfChart(file: SourceFile | undefined, line: number, source: number): number {
  const placed = file?.document(file.indexAtLine(line - 1));
  if (!placed) return line;
  const { text, lineStarts } = placed.document;
  const locator = new Locator(text);
  for (const way of WAYS) {
    const key = locator.key([...way, 'sources', source, 'chart']) ?? locator.key([...way, 'source', 'chart']);
    if (key) return placed.line + positionIn(text, lineStarts, key.start).line + 1;
  }
  return line;
}
