import * as vscode from 'vscode';
import type { PlanNode } from './node.ts';
import { movingOf, type Moving } from './moving.ts';
import { uriOf } from './places.ts';
import type { Row } from './rows.ts';

const MIME = 'application/vnd.code.tree.argocdhooks.plan';

/** The wave that a row stands in or for; a phase that shows no waves has wave 0 alone. Else why nothing can go there. */
export function dropWave(target: PlanNode | undefined, moving: Moving): number | { readonly refused: string } {
  const spot = target?.spot;
  if (!spot) return { refused: 'Drop it on a wave of the plan, or on a manifest in it.' };
  if (target.application.path !== moving.application.path || target.application.name !== moving.application.name)
    return { refused: `That is another application. ${moving.label} belongs to the one whose source holds its file.` };
  if (!moving.phases.has(spot.phase)) {
    const [phase = 'Sync'] = moving.phases;
    return {
      refused: `${moving.label} stays in ${phase}: the hook annotation tells the phase, the wave only the order in it. For ${spot.phase} change argocd.argoproj.io/hook.`,
    };
  }
  return spot.wave ?? { refused: `${spot.phase} has several waves: drop it on one of them.` };
}

/** Moving by dragging: manifests are dropped on a wave. Dragged into the editor, they open. */
export class PlanDragAndDrop implements vscode.TreeDragAndDropController<Row> {
  readonly dragMimeTypes = [MIME, 'text/uri-list'];
  readonly dropMimeTypes = [MIME];
  readonly #find: (id: string) => Row | undefined;
  readonly #move: (moving: Moving, wave: number) => Promise<void>;

  constructor(find: (id: string) => Row | undefined, move: (moving: Moving, wave: number) => Promise<void>) {
    this.#find = find;
    this.#move = move;
  }

  handleDrag(rows: readonly Row[], data: vscode.DataTransfer): void {
    const movable = rows.filter(({ node }) => node.spot?.task !== undefined);
    if (movable.length > 0)
      data.set(MIME, new vscode.DataTransferItem(JSON.stringify(movable.map(({ node }) => node.id))));
    const files = rows.flatMap(({ node }) => (node.place ? [uriOf(node.place).toString()] : []));
    if (files.length > 0) data.set('text/uri-list', new vscode.DataTransferItem([...new Set(files)].join('\r\n')));
  }

  async handleDrop(target: Row | undefined, data: vscode.DataTransfer): Promise<void> {
    const item = data.get(MIME);
    if (!item) return;
    try {
      const ids: unknown = JSON.parse(await item.asString());
      const rows = (Array.isArray(ids) ? (ids as readonly unknown[]) : []).map((id) => this.#find(String(id)));
      const moving = movingOf(rows.flatMap((row) => row?.node ?? []));
      const wave = dropWave(target?.node, moving);
      if (typeof wave === 'number') {
        if (wave !== moving.from) await this.#move(moving, wave);
      } else void vscode.window.showWarningMessage(`Not moved. ${wave.refused}`);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      void vscode.window.showWarningMessage(`Not moved. ${message}`);
    }
  }
}
