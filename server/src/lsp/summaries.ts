import { readAhead, refOf, release, type Folder } from './folder.ts';
import type { ApplicationSummary } from './protocol.ts';
import { Slices } from './turns.ts';

const kept = new WeakMap<Folder, { readonly revision: number; readonly summaries: readonly ApplicationSummary[] }>();

/** What a list of applications says of those of a folder, made in slices; kept until something in the folder changes. */
export async function summariesOf(folder: Folder): Promise<readonly ApplicationSummary[]> {
  const known = kept.get(folder);
  if (known?.revision === folder.revision) return known.summaries;
  const { revision } = folder;
  const summaries: ApplicationSummary[] = [];
  const slices = new Slices();
  for (const application of folder.index.applications()) {
    const counted = folder.index.keptCounts(application);
    if (!counted) await readAhead(folder, application.files, slices);
    summaries.push({ ...refOf(folder.uri, application), ...(counted ?? folder.index.counts(application)) });
    if (!counted) release(folder, application);
    const rest = slices.rest();
    if (rest) await rest;
  }
  kept.set(folder, { revision, summaries });
  return summaries;
}
