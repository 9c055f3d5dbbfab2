import { readAhead, refKey, refOf, release, type Folder } from './folder.ts';
import { chartsOf } from '../workspace/registry-charts.ts';
import type { ApplicationSummary } from './protocol.ts';
import { Slices } from './turns.ts';

const kept = new WeakMap<Folder, { readonly revision: number; readonly summaries: readonly ApplicationSummary[] }>();

/** What a list of applications says of those of a folder, made in slices; kept until something in the folder changes. */
export async function summariesOf(folder: Folder): Promise<readonly ApplicationSummary[]> {
  const known = kept.get(folder);
  if (known?.revision === folder.revision) return known.summaries;
  const { revision } = folder;
  const summaries = await summariesIn(folder);
  kept.set(folder, { revision, summaries });
  return summaries;
}

/** @param only keys of the applications that are asked for (`refKey`); undefined: all */
export async function summariesIn(folder: Folder, only?: ReadonlySet<string>): Promise<readonly ApplicationSummary[]> {
  const summaries: ApplicationSummary[] = [];
  const slices = new Slices();
  for (const application of folder.index.applications()) {
    const ref = refOf(folder.uri, application);
    if (only && !only.has(refKey(ref))) continue;
    const counted = folder.index.keptCounts(application);
    if (!counted) await readAhead(folder, application.files, slices);
    const chart = chartsOf(application);
    summaries.push({ ...ref, ...(chart === '' ? {} : { chart }), ...(counted ?? folder.index.counts(application)) });
    if (!counted) release(folder, application);
    const rest = slices.rest();
    if (rest) await rest;
  }
  return summaries;
}
