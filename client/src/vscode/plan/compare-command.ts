import * as vscode from 'vscode';
import type { ApplicationRef } from '#protocol';
import type { Session } from '../session.ts';
import { chooseRevision, revisionsOf } from './choose-revision.ts';

/** Asks for a revision and shows what is different from it. */
export async function comparePlan(session: Session, application: ApplicationRef | undefined): Promise<void> {
  if (!vscode.workspace.isTrusted) {
    throw new Error(
      'This workspace is not trusted, and reading its Git history runs Git, which its settings can influence. Trust it first.',
    );
  }
  const { server, view } = session;
  const folder = application?.folder ?? (await chooseFolder());
  if (!server) throw new Error('The language server is not running, so there is no plan to compare. The log says why.');
  if (folder === undefined) return;
  const revision = await chooseRevision('Compare Plan with a Git Revision', revisionsOf(server, folder));
  if (typeof revision !== 'string') return;
  view.compareWith(folder, revision, {
    compare: (one, name) => server.comparePlan({ application: one, revision: name }),
    gone: (of, name) => server.goneApplications({ folder: of, revision: name }),
  });
  await vscode.commands.executeCommand('argocdHooks.plan.focus');
}

async function chooseFolder(): Promise<string | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const [only] = folders;
  if (folders.length <= 1) return only?.uri.toString();
  return (
    await vscode.window.showWorkspaceFolderPick({ placeHolder: 'Compare the plans of which folder?' })
  )?.uri.toString();
}
