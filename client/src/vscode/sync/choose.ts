import * as vscode from 'vscode';
import type { ListedContext } from '#core/kubeconfig/resolve';
import type { ApplicationSummary } from '#protocol';
import { isManifest } from '../documents.ts';
import { applicationId, whereText } from '../plan/node.ts';
import { rootName } from '../roots.ts';
import { inOrder, sourceOf } from './context-choice.ts';
import type { OperationChoices } from '../../sync/model.ts';
import type { RunScenario } from './run.ts';
import type { Subject } from './what-if.ts';
import { counted } from '#core/plan/words';

/** Where a run takes place. */
export type Target =
  | {
      readonly mode: 'simulate';
      readonly scenario?: RunScenario;
      /** It is run to see what a failure leads to: at once, without a confirmation, and told in its own words. */
      readonly subject?: Subject;
      /** With the options of the sync that it repeats. */
      readonly choices?: OperationChoices;
    }
  | {
      readonly mode: 'sync';
      readonly context: Pick<ListedContext, 'name'>;
      /** The application's objects are deleted. */
      readonly deletes?: boolean;
      /** What was cut off goes on. */
      readonly resume?: boolean;
      /** These resources alone. */
      readonly resources?: readonly string[];
      /** With the options of the sync that it repeats. */
      readonly choices?: OperationChoices;
    };

/** The application that is meant; asks where there are several. Undefined: the person thought better of it. */
export async function chooseApplication(
  applications: readonly ApplicationSummary[],
  preferred: string | undefined,
  title = 'Run Sync: which application?',
): Promise<ApplicationSummary | undefined> {
  if (applications.length <= 1) return applications[0];
  const first = applications.filter((application) => applicationId(application) === preferred);
  const items = [...first, ...applications.filter((application) => !first.includes(application))].map(
    (application) => ({
      label: `$(layers) ${application.name}`,
      description: whereText(application, rootName(application.folder)),
      detail: `${counted(application.resources, 'resource')}, ${counted(application.hooks, 'hook')}`,
      application,
    }),
  );
  const picked = await vscode.window.showQuickPick(items, {
    title,
    placeHolder: 'Everything of one application is synced together',
    matchOnDescription: true,
  });
  return picked?.application;
}

/** Kube contexts of where the extension runs, or why none can be reached from there. */
export type Contexts =
  | {
      readonly list: () => Promise<readonly ListedContext[]>;
      /** Paths of the kubeconfig files, also of those that are not there. */
      readonly files: () => Promise<readonly string[]>;
    }
  | { readonly unreachable: string };

interface TargetItem extends vscode.QuickPickItem {
  readonly target?: Target;
}

const contextItem = (context: ListedContext, selected: string): TargetItem => ({
  label: `$(cloud) ${context.name}`,
  description: context.server === '' ? 'its cluster is not defined' : context.server,
  detail: sourceOf(context, selected),
  target: { mode: 'sync', context },
});

/** `on this machine`, or in which remote the kubeconfig is read. */
const machine = (): string =>
  vscode.env.remoteName === undefined ? 'this machine' : `the remote (${vscode.env.remoteName})`;

/**
 * Where to run: a kube context or the simulation. Why no context can be offered is told as an entry, so that the
 * simulation can still be chosen.
 * @param selected name of the context that was selected for this workspace; empty: none
 * @param deletes it is asked for a deletion
 */
export async function chooseTarget(
  application: string,
  contexts: Contexts,
  selected: string,
  deletes = false,
): Promise<Target | undefined> {
  const items = async (): Promise<TargetItem[]> => {
    const simulation: TargetItem = {
      label: '$(beaker) Simulation',
      description: 'nothing leaves this window',
      detail: deletes
        ? 'In memory: deletes what a sync of these manifests leaves'
        : 'The same engine in memory, with controllers for Jobs, Pods, Deployments and claims',
      target: deletes ? { mode: 'simulate', scenario: { deletes } } : { mode: 'simulate' },
    };
    if ('unreachable' in contexts) {
      return [simulation, { label: '$(info) No kube context', detail: contexts.unreachable }];
    }
    try {
      const found = await contexts.list();
      const none: TargetItem = {
        label: '$(info) No kube context',
        detail: `KUBECONFIG and ~/.kube/config of ${machine()} name none`,
      };
      return found.length > 0
        ? [...inOrder(found, selected).map((context) => contextItem(context, selected)), simulation]
        : [simulation, none];
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      return [simulation, { label: '$(warning) No kube context can be used', detail: problem }];
    }
  };
  const picked = await vscode.window.showQuickPick(items(), {
    title: deletes ? `Delete Resources of ${application}: Where?` : `Run Sync of ${application}: where?`,
    placeHolder: 'unreachable' in contexts ? 'The simulation' : `Kube contexts of ${machine()}, or the simulation`,
    matchOnDescription: true,
    ignoreFocusOut: true,
  });
  const target = picked?.target;
  return deletes && target?.mode === 'sync' ? { ...target, deletes } : target;
}

/**
 * A kube context, by its name. Undefined: the person thought better of it. Rejects where there is none.
 * @param selected name of the context that was selected for this workspace; empty: none
 */
export async function chooseContext(title: string, contexts: Contexts, selected: string): Promise<string | undefined> {
  if ('unreachable' in contexts) throw new Error(contexts.unreachable);
  const items = contexts.list().then((found) => {
    if (found.length === 0) throw new Error(`KUBECONFIG and ~/.kube/config of ${machine()} name no context.`);
    return inOrder(found, selected).map((context) => ({ ...contextItem(context, selected), name: context.name }));
  });
  const picked = await vscode.window.showQuickPick(items, {
    title,
    placeHolder: `Kube contexts of ${machine()}`,
    matchOnDescription: true,
    ignoreFocusOut: true,
  });
  return picked?.name;
}

/** What is synced is what is saved: unsaved manifests are saved after asking. False: the person thought better of it. */
export async function saveManifests(folder: vscode.Uri): Promise<boolean> {
  const unsaved = vscode.workspace.textDocuments.filter(
    (document) =>
      document.isDirty &&
      isManifest(document) &&
      vscode.workspace.getWorkspaceFolder(document.uri)?.uri.toString() === folder.toString(),
  );
  if (unsaved.length === 0) return true;
  const names = unsaved.map((document) => vscode.workspace.asRelativePath(document.uri, false));
  const save = unsaved.length === 1 ? 'Save and Go On' : `Save ${unsaved.length} Files and Go On`;
  const answer = await vscode.window.showWarningMessage(
    `${names.join(', ')} ${unsaved.length === 1 ? 'has' : 'have'} unsaved changes.`,
    { modal: true, detail: 'A sync takes the manifests as they are saved.' },
    save,
  );
  if (answer !== save) return false;
  const saved = await Promise.all(unsaved.map((document) => document.save()));
  return saved.every(Boolean);
}
