import {
  moveToWave,
  renumberWaves,
  type DocumentEdit,
  type ManifestPlace,
  type WaveChange,
  type WaveSource,
} from '../language/wave-changes.ts';
import { rangeOf } from '../manifest/source-file.ts';
import type { Application } from '../workspace/model.ts';
import type { Folder } from './folder.ts';
import { isRecord, numberIn, stringIn } from './params.ts';
import type { FileEdits, PlainTextEdit, WaveChangeResult } from './protocol.ts';
import type { WorkspacePlans } from './workspace.ts';
import { planIf } from '../workspace/plan-input.ts';

/** @param params MoveToWaveParams */
export const onMoveToWave = (plans: WorkspacePlans, params: unknown): Promise<WaveChangeResult | null> =>
  change(plans, params, (source) => moveToWave(source, placesIn(params), numberIn(params, 'wave') ?? Number.NaN));

/** @param params RenumberWavesParams */
export const onRenumberWaves = (plans: WorkspacePlans, params: unknown): Promise<WaveChangeResult | null> =>
  change(plans, params, (source) => {
    const gap = Math.max(1, Math.floor(numberIn(params, 'gap') ?? 1));
    const keepNegative = !isRecord(params) || params['keepNegative'] !== false;
    return renumberWaves(source, { gap, keepNegative });
  });

async function change(
  plans: WorkspacePlans,
  params: unknown,
  make: (source: WaveSource) => WaveChange,
): Promise<WaveChangeResult | null> {
  const found = await plans.applications.find(params);
  if (!found) return null;
  const { edits, ...rest } = make(sourceOf(found.folder, found.application));
  return { files: [...edits].map(([file, list]) => fileEdits(found.folder, file, list)), ...rest };
}

const sourceOf = ({ index }: Folder, application: Application): WaveSource => ({
  plan: index.plan(application),
  fileOf: (path) => index.file(path),
  planIf: (change) => planIf(index, application, change),
});

function placesIn(params: unknown): ManifestPlace[] {
  const places = isRecord(params) ? params['places'] : undefined;
  return (Array.isArray(places) ? (places as readonly unknown[]) : []).flatMap((place) => {
    const file = stringIn(place, 'file');
    const line = numberIn(place, 'line');
    return file === undefined || line === undefined ? [] : [{ file, line }];
  });
}

function fileEdits(folder: Folder, file: string, edits: readonly DocumentEdit[]): FileEdits {
  const version = folder.index.isOpen(file) ? (folder.index.file(file)?.version ?? null) : null;
  const plain = edits.map(({ placed, edit }): PlainTextEdit => ({
    range: rangeOf(placed, edit),
    newText: edit.newText,
  }));
  return { uri: folder.uriOf(file), version, edits: plain };
}
