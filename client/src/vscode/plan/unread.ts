import type { UnreadPlace } from '#protocol';
import { escapeMarkdown } from '../../text/markdown.ts';
import { PlanNode, WARNING } from './node.ts';
import { joined } from './texts.ts';

/**
 * The row of a file or folder that could not be read and lies in no application.
 * @param root name of its workspace folder; empty where there is no other
 */
export function unreadNode({ folder, path, message }: UnreadPlace, root: string): PlanNode {
  return new PlanNode({
    id: `unread ${JSON.stringify([folder, path])}`,
    kind: 'problem',
    label: path === '.' ? 'This folder' : path,
    description: joined(root, message),
    tooltip: () => escapeMarkdown(message),
    icon: WARNING,
    fold: 'none',
    application: { folder, path: '.', name: '' },
    problems: () => [{ severity: 'warning', message }],
    children: () => [],
  });
}
