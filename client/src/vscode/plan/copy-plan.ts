import * as vscode from 'vscode';
import type { ApplicationRef } from '#protocol';
import { planMarkdown } from '../../text/plan-markdown.ts';
import { planMermaid } from '../../text/plan-mermaid.ts';
import type { Session } from '../session.ts';

/** Copies the plan of one application, or of all that the view knows, as text for an issue or a pull request. */
export async function copyPlan(
  { store, view, server }: Session,
  application: ApplicationRef | undefined,
): Promise<void> {
  const wanted = application ? [application] : store.views.map(({ summary }) => summary);
  if (wanted.length === 0) throw new Error('There is no plan to copy: no manifest was found in this workspace.');
  const format = await vscode.window.showQuickPick(
    [
      { label: '$(markdown) Markdown', description: 'a table, for an issue or a pull request', render: planMarkdown },
      {
        label: '$(type-hierarchy) Mermaid',
        description: 'a flow chart; GitHub and GitLab draw it in a ```mermaid block',
        render: planMermaid,
      },
    ],
    { title: application ? `Copy the Plan of ${application.name} as` : 'Copy All Plans as' },
  );
  if (!format) return;
  const read = await Promise.all(wanted.map(async (one) => store.planOf(one) ?? (await server?.plan(one))?.plan));
  const plans = read.flatMap((plan) => plan ?? []);
  if (plans.length === 0) throw new Error('The language server gave no plan. Refresh, and try again.');
  await vscode.env.clipboard.writeText(format.render(plans, view.comparison));
  vscode.window.setStatusBarMessage(`$(check) Plan copied as ${format.label.replace(/^\S+ /, '')}`, 3000);
}
