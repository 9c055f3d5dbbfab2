import * as vscode from 'vscode';
import type { ApplicationEvent, ApplicationQuestion } from '../../sync/argocd/apply-application.ts';
import { isProtected } from '../../sync/glob.ts';
import type { Session } from '../session.ts';
import { placeIn } from '../plan/places.ts';
import { activeContext } from './active-context.ts';
import { chooseContext } from './choose.ts';
import { editorSettings } from './editor-settings.ts';
import { kubeconfigChoice } from './surroundings.ts';

/** How long it may take to end properly, in milliseconds. */
const GRACE = 4000;

/** Apply Argo CD Application…: the one in a file, to the cluster that Argo CD runs in, after a confirmation. */
export async function applyApplication(session: Session, from?: vscode.Uri): Promise<void> {
  const { platform, log } = session;
  if (!vscode.workspace.isTrusted)
    throw new Error('This workspace is not trusted, and its kubeconfig may start programs. Trust it first.');
  const file = from ?? vscode.window.activeTextEditor?.document.uri;
  const place = file && placeIn(file);
  if (!file || !place) throw new Error('Open the manifest of an Argo CD Application first.');
  if (!platform.applyApplication || file.scheme !== 'file')
    throw new Error('No cluster can be reached from here. Apply it with kubectl, or in VS Code on the desktop.');
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === file.toString());
  if (open?.isDirty === true && !(await open.save())) return;
  const folder = vscode.Uri.parse(place.folder);
  const kubeconfig = kubeconfigChoice(folder);
  const title = 'Apply the Application: Where Does Argo CD Run?';
  const context = await chooseContext(title, platform.contexts(folder, kubeconfig), activeContext(session).selected);
  if (!context) return;
  const start = platform.applyApplication.bind(platform);
  const text = await new Promise<string | undefined>((resolve, reject) => {
    let last = '';
    const onEvent = (event: ApplicationEvent): void => {
      if (event.type === 'question')
        void agree(event.question).then((yes) => run.send({ type: yes ? 'confirm' : 'refuse' }));
      else if (event.type === 'applied') resolve(event.message);
      else if (event.type === 'refused') resolve(undefined);
      else reject(new Error(event.message));
    };
    const run = start(
      session.context,
      folder,
      { file: place.file, context, kubeconfig, settings: editorSettings(folder) },
      {
        event: onEvent,
        message: (line) => {
          last = line;
          log.info(line);
        },
        ended: () => reject(new Error(last || 'It ended before the Application was applied.')),
      },
    );
    session.context.subscriptions.push({ dispose: () => run.close(GRACE) });
  });
  if (text === undefined) return void log.info('Refused: nothing was written');
  log.info(`${context}: ${text}`);
  void vscode.window.showInformationMessage(`${text}, in ${context}.`);
}

const CHANGES: Readonly<Record<ApplicationQuestion['change'], string>> = {
  create: 'Create',
  change: 'Change',
  unchanged: 'Apply (nothing changes)',
};

/** The confirmation: context, server, user, namespace and object, and what changes. A protected context is named by hand. */
async function agree({ cluster, namespace, name, change, diff, warnings }: ApplicationQuestion): Promise<boolean> {
  const what = `${CHANGES[change]} Application ${name} in ${cluster.context}?`;
  const facts = [
    `Context: ${cluster.context} (${cluster.origin})`,
    `API server: ${cluster.server}`,
    ...(cluster.user === '' ? [] : [`User: ${cluster.user}`]),
    `Namespace: ${namespace}`,
    ...warnings,
    ...(diff.length > 0 ? ['', ...diff] : []),
  ];
  const yes = CHANGES[change].split(' ')[0] ?? 'Apply';
  const answer = await vscode.window.showWarningMessage(what, { modal: true, detail: facts.join('\n') }, yes);
  if (answer !== yes) return false;
  const patterns = vscode.workspace.getConfiguration('argocdHooks').get<string[]>('protectedContexts', []);
  if (!isProtected(cluster.context, patterns)) return true;
  const typed = await vscode.window.showInputBox({
    title: what,
    prompt: `${cluster.context} is a protected context. Type its name to go on`,
    ignoreFocusOut: true,
  });
  return typed === cluster.context;
}
