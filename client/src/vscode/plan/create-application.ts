import * as vscode from 'vscode';
import type { ApplicationRef } from '#protocol';
import {
  APPLICATION_DEFAULTS,
  applicationObject,
  applicationText,
  argocdCreate,
  fileProblem,
  nameFrom,
  needsRecursion,
} from '../../text/application.ts';
import type { Session } from '../session.ts';
import { applyApplication } from '../sync/apply-application.ts';
import { chooseApplication } from '../sync/choose.ts';
import { askRepository, fillIn } from './application-form.ts';
import { applicationId } from './node.ts';
import { isThere } from './places.ts';
import { repositoryOf } from './repository.ts';

/**
 * Writes the manifest of an Argo CD Application beside the folder that it syncs: everything is found out, shown, and can be
 * changed. Then offers to apply it, and the same as a call of argocd.
 */
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
  const repoURL = repository.remote ?? (await askRepository());
  if (repoURL === undefined) return;
  const plan = store.planOf(source);
  const recurse = needsRecursion(source.path, filesOf(plan));
  const name = nameFrom(source.name);
  const form = await fillIn(
    {
      application: {
        ...APPLICATION_DEFAULTS,
        ...{ name, recurse, repoURL: repoURL.trim() },
        path: pathInRepository(repository.root, root, source.path),
        namespace: plan?.namespace || name,
      },
      file: `argocd/${name}.yaml`,
    },
    ({ file }) => fileProblem(file, source.path, recurse),
  );
  if (!form) return;
  const { application, file } = form;
  const target = vscode.Uri.joinPath(root, file);
  if (await isThere(target)) throw new Error(`${file} is there already. Nothing was written: choose another file.`);
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(applicationText(application)));
  log.info(`Wrote the Application ${application.name} for ${application.path} to ${file}`);
  await vscode.window.showTextDocument(target);
  const command = argocdCreate(applicationObject(application));
  log.info(`The same with Argo CD's command line:\n${command}`);
  await offer(session, { name: application.name, target, file, command });
}

interface Written {
  readonly name: string;
  readonly target: vscode.Uri;
  readonly file: string;
  readonly command: string;
}

async function offer(session: Session, { name, target, file, command }: Written): Promise<void> {
  const [apply, copy] = ['Apply to a Cluster…', 'Copy argocd app create'] as const;
  const canApply = session.platform.applyApplication !== undefined && vscode.workspace.isTrusted;
  const text = `Wrote the Application ${name} to ${file}. Argo CD syncs what is committed and pushed.`;
  const answer = await vscode.window.showInformationMessage(text, ...(canApply ? [apply] : []), copy);
  if (answer === copy) await vscode.env.clipboard.writeText(command);
  if (answer === apply) await applyApplication(session, target);
}

function pathInRepository(repository: vscode.Uri, root: vscode.Uri, path: string): string {
  const within = root.path.slice(repository.path.length).replace(/^\/+/, '');
  return [within, path === '.' ? '' : path].filter((part) => part !== '').join('/') || '.';
}

/** Files of the manifests of a plan. */
const filesOf = (plan: ReturnType<Session['store']['planOf']>): string[] =>
  (plan?.plans.sync.phases ?? []).flatMap(({ waves }) =>
    waves.flatMap(({ batches }) =>
      batches.flatMap(({ tasks }) => tasks.flatMap(({ file }) => (file === undefined ? [] : [file]))),
    ),
  );
