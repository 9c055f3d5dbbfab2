import * as vscode from 'vscode';
import { rowUri } from './decorations.ts';
import type { PlanNode } from './node.ts';
import type { Row } from './rows.ts';
import { canFail } from '../sync/what-if.ts';
import { spoken } from './spoken.ts';
import { escapeMarkdown } from '../../text/markdown.ts';

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;
const FOLDS = { open: Expanded, closed: Collapsed, none: None } as const;

/** What the row of a node looks like. Its tooltip follows when somebody hovers. */
export function itemOf(row: Row, fold: PlanNode['fold'], id: string): vscode.TreeItem {
  const { node } = row;
  const item = new vscode.TreeItem(node.label, FOLDS[fold]);
  item.id = id;
  item.description = node.description;
  item.accessibilityInformation = { label: spoken(node), role: 'treeitem' };
  item.resourceUri = rowUri(node.id);
  if (node.icon) {
    const color = node.icon.color === undefined ? undefined : new vscode.ThemeColor(node.icon.color);
    item.iconPath = new vscode.ThemeIcon(node.icon.id, color);
  }
  const traits = [
    node.kind,
    node.place && 'manifest',
    node.spot && 'planned',
    isFailing(node) && 'canFail',
    node.trait,
    node.hasLogs && 'hasLogs',
  ];
  item.contextValue = traits.filter(Boolean).join(' ');
  if (node.place) item.command = { command: 'argocdHooks.openManifest', title: 'Open Manifest', arguments: [row] };
  return item;
}

/** A task that a simulation can let fail. */
const isFailing = ({ spot }: PlanNode): boolean =>
  spot?.task !== undefined && canFail({ phase: spot.phase, task: spot.task });

/** The tooltip, with what is wrong on top. */
export function tooltipOf(node: PlanNode): vscode.MarkdownString {
  const problems =
    node.fold === 'none' && node.kind !== 'problem'
      ? node.problems.map(({ severity, message }) => `$(${severity}) ${escapeMarkdown(message)}`)
      : [];
  return new vscode.MarkdownString([...problems, node.tooltip].join('\n\n'), true);
}
