import * as vscode from 'vscode';
import type { ApplicationRef, RevisionChoice } from '#protocol';
import type { Session } from '../extension.ts';

interface RevisionItem extends vscode.QuickPickItem {
  readonly revision?: string;
}

const KINDS: readonly (readonly [RevisionChoice['kind'], string, string])[] = [
  ['branch', 'branches', 'git-branch'],
  ['tag', 'tags', 'tag'],
  ['commit', 'commits', 'git-commit'],
  ['remote-branch', 'remote branches', 'cloud'],
];

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
  const revision = await chooseRevision(async () => {
    const result = await server.revisions(folder);
    if ('problem' in result) throw new Error(result.problem);
    return result.revisions;
  });
  if (revision === undefined) return;
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

/** HEAD first, then what Git lists; any other name may be typed. */
async function chooseRevision(list: () => Promise<readonly RevisionChoice[]>): Promise<string | undefined> {
  const head: RevisionItem = { label: '$(git-commit) HEAD', description: 'what is committed', revision: 'HEAD' };
  const picker = vscode.window.createQuickPick<RevisionItem>();
  picker.title = 'Compare Plan with a Git Revision';
  picker.placeholder = 'A branch, a tag, a commit, or a name like HEAD~2';
  picker.matchOnDescription = true;
  picker.items = [head];
  picker.busy = true;
  picker.show();
  let known: readonly RevisionItem[] = [head];
  const show = (): void => {
    const typed = picker.value.trim();
    const isListed = typed === '' || known.some(({ revision }) => revision === typed);
    picker.items = isListed
      ? known
      : [...known, { label: `$(search) ${typed}`, description: 'as typed', revision: typed, alwaysShow: true }];
  };
  return new Promise((resolve, reject) => {
    picker.onDidChangeValue(show);
    picker.onDidAccept(() => {
      resolve(picker.activeItems[0]?.revision);
      picker.hide();
    });
    picker.onDidHide(() => {
      picker.dispose();
      resolve(undefined);
    });
    list().then(
      (choices) => {
        known = [head, ...KINDS.flatMap(([kind, title, icon]) => itemsOf(choices, kind, title, icon))];
        picker.busy = false;
        show();
      },
      (error: unknown) => {
        reject(error instanceof Error ? error : new Error(String(error)));
        picker.hide();
      },
    );
  });
}

function itemsOf(
  choices: readonly RevisionChoice[],
  kind: RevisionChoice['kind'],
  title: string,
  icon: string,
): RevisionItem[] {
  const items = choices
    .filter((choice) => choice.kind === kind)
    .map(({ name, short, subject, time }): RevisionItem => {
      const when = time.slice(0, 10);
      const hash = name === short ? '' : `${short} · `;
      return { label: `$(${icon}) ${name}`, description: `${hash}${subject} · ${when}`, revision: name };
    });
  return items.length === 0 ? [] : [{ label: title, kind: vscode.QuickPickItemKind.Separator }, ...items];
}
