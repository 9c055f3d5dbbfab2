import * as vscode from 'vscode';
import type { ApplicationRef } from '#protocol';
import type { Session } from '../extension.ts';
import { chooseApplication } from '../sync/choose.ts';
import { applicationText, nameFrom, nameProblem, remoteIn } from './application-text.ts';
import { applicationId } from './node.ts';
import { isThere } from './places.ts';

/** Used where Git knows no remote. */
const EXAMPLE = 'https://example.com/owner/repository.git';

/** Asks for what an Argo CD Application needs, and writes its manifest beside the folder that it syncs. */
export async function createApplication(session: Session, wanted: ApplicationRef | undefined): Promise<void> {
  const { store, view, log } = session;
  const folders = store.views.map(({ summary }) => summary);
  if (folders.length === 0)
    throw new Error('No folder with manifests was found, so there is nothing to make an Application of.');
  const here = view.applicationAt(vscode.window.activeTextEditor);
  const source =
    wanted ??
    (await chooseApplication(folders, here && applicationId(here), 'Create Argo CD Application: Of Which Folder?'));
  if (!source) return;
  const root = vscode.Uri.parse(source.folder);
  const repository = await repositoryOf(root);
  const within = root.path.slice(repository.root.path.length).replace(/^\/+/, '');
  const path = [within, source.path === '.' ? '' : source.path].filter((part) => part !== '').join('/') || '.';
  const title = 'Create Argo CD Application';
  const name = await ask({
    title,
    step: 1,
    prompt: 'Name of the Application',
    value: nameFrom(source.name),
    validateInput: nameProblem,
  });
  if (name === undefined) return;
  const namespace = await ask({
    title,
    step: 2,
    prompt: 'Namespace that it is deployed to',
    value: name,
    validateInput: nameProblem,
  });
  if (namespace === undefined) return;
  const repoURL = await ask({
    ...{
      title,
      step: 3,
      prompt: 'Address of the Git repository, as Argo CD reaches it',
      value: repository.remote ?? EXAMPLE,
    },
    validateInput: (value) =>
      value.trim() === '' ? 'Argo CD reads the manifests from a repository: give its address.' : undefined,
  });
  if (repoURL === undefined) return;
  const file = await ask({
    ...{ title, step: 4, prompt: 'File to write, outside of what it syncs', value: `argocd/${name}.yaml` },
    validateInput: (value) => fileProblem(value, source.path),
  });
  if (file === undefined) return;
  const target = vscode.Uri.joinPath(root, file.trim());
  if (await isThere(target)) throw new Error(`${file} is there already. Nothing was written: choose another file.`);
  const text = applicationText({ name, namespace, repoURL: repoURL.trim(), path });
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
  log.info(`Wrote an Application for ${path} to ${file}`);
  await vscode.window.showTextDocument(target);
}

interface Question {
  readonly title: string;
  readonly step: number;
  readonly prompt: string;
  readonly value: string;
  readonly validateInput: (value: string) => string | undefined;
}

const ask = ({ title, step, ...options }: Question): Thenable<string | undefined> =>
  vscode.window.showInputBox({ ...options, title: `${title} (${step}/4)`, ignoreFocusOut: true });

/** Argo CD would apply a file below its own source as a part of it. */
function fileProblem(file: string, source: string): string | undefined {
  const path = file.trim();
  if (!/\.ya?ml$/.test(path) || /(^|\/)\.\.(\/|$)|^\//.test(path))
    return 'A YAML file of this folder: argocd/shop.yaml';
  if (source !== '.' && path.startsWith(`${source}/`))
    return `${source} is what the Application syncs: it would apply itself. Choose a file elsewhere.`;
  return undefined;
}

/** The repository that a folder lies in: its root, and its remote as its configuration names it. Git is not run. */
async function repositoryOf(folder: vscode.Uri): Promise<{ root: vscode.Uri; remote?: string }> {
  for (let at = folder; ; at = vscode.Uri.joinPath(at, '..')) {
    try {
      const config = new TextDecoder().decode(
        await vscode.workspace.fs.readFile(vscode.Uri.joinPath(at, '.git/config')),
      );
      const remote = remoteIn(config);
      return { root: at, ...(remote === undefined ? {} : { remote }) };
    } catch {
      // Not here; perhaps above.
    }
    if (at.path === '/' || at.path === '' || vscode.Uri.joinPath(at, '..').path === at.path) return { root: folder };
  }
}
