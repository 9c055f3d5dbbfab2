import * as vscode from 'vscode';
import { phaseValue } from '#core/annotations/catalogue';
import type { SyncPhase } from '#core/annotations/keys';
import { HOOK_PATTERNS, hookNameProblem, manifestOf, type HookPattern } from '#core/patterns/patterns';
import { filled, plainOf, snippetOf, type Pieces } from '#core/patterns/pieces';
import type { ApplicationRef } from '#protocol';
import type { Session } from './session.ts';
import { chooseApplication } from './sync/choose.ts';

/** Where a new hook goes, and whether somebody else has to be told of its file. */
interface Destination {
  readonly folder: vscode.Uri;
  /** The folder's kustomization has to list the file. */
  readonly kustomized: boolean;
}

/** Asks what the hook is for, when it runs and what it is called, and writes it beside the application's manifests. */
export async function newHook(session: Session): Promise<void> {
  const pattern = await choosePattern();
  const phases = pattern && (await choosePhases(pattern));
  const destination = phases && (await chooseDestination(session));
  if (!pattern || !phases || !destination) return;
  const name = await askName(pattern, destination.folder);
  if (name === undefined) return;
  const file = vscode.Uri.joinPath(destination.folder, `${name}.yaml`);
  await write(file, filled(manifestOf(pattern, phases), 1, name));
  if (destination.kustomized) await tellKustomization(file, destination.folder);
}

async function choosePattern(): Promise<HookPattern | undefined> {
  const items = HOOK_PATTERNS.map((pattern) => ({
    label: pattern.title,
    description: `${pattern.phases.join(', ')} Job`,
    detail: pattern.summary,
    pattern,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: 'New Hook: what is it for?',
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked?.pattern;
}

/** The phases in which it runs; asks where more than one choice makes sense. */
async function choosePhases(pattern: HookPattern): Promise<readonly SyncPhase[] | undefined> {
  if (pattern.otherPhases.length === 0) return pattern.phases;
  const items = [pattern.phases, ...pattern.otherPhases].map((phases, i) => ({
    label: phases.join(', '),
    ...(i === 0 ? { description: 'where it belongs' } : {}),
    detail: phases.map((phase) => `${phase} ${phaseValue(phase)?.summary ?? ''}`).join(' '),
    phases,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: `New Hook: when does the ${pattern.title.toLowerCase()} run?`,
  });
  return picked?.phases;
}

/** Beside the manifest in the active editor, else in the folder of an application. */
async function chooseDestination(session: Session): Promise<Destination | undefined> {
  const active = vscode.window.activeTextEditor?.document.uri;
  const own = active && (await session.store.applicationOf(active.toString()));
  if (active && own) return destinationOf(session, own, vscode.Uri.joinPath(active, '..'));
  const applications = session.store.views.map(({ summary }) => summary);
  if (applications.length > 0) {
    const chosen = await chooseApplication(applications, undefined, 'New Hook: for which application?');
    return chosen && destinationOf(session, chosen, undefined);
  }
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (!folder) throw new Error('There is no folder to write a hook into: open one first.');
  return { folder: folder.uri, kustomized: false };
}

async function destinationOf(
  session: Session,
  application: ApplicationRef,
  beside: vscode.Uri | undefined,
): Promise<Destination> {
  const source = (await session.server?.plan(application))?.plan.source;
  const root = vscode.Uri.joinPath(vscode.Uri.parse(application.folder), source?.path ?? application.path);
  const own = source?.kind === 'helm' && source.chart === undefined ? vscode.Uri.joinPath(root, 'templates') : root;
  return { folder: beside ?? own, kustomized: source?.kind === 'kustomize' };
}

function askName(pattern: HookPattern, folder: vscode.Uri): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: 'New Hook: what is it called?',
    prompt: `Its file is written to ${vscode.workspace.asRelativePath(folder)}.`,
    value: pattern.name,
    validateInput: async (name) => {
      const problem = hookNameProblem(name);
      if (problem !== undefined) return problem;
      const there = await exists(vscode.Uri.joinPath(folder, `${name}.yaml`));
      return there ? `There is a file ${name}.yaml already: choose another name.` : undefined;
    },
  });
}

async function exists(file: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(file);
    return true;
  } catch {
    return false;
  }
}

/** Writes the file and opens it, with the places to fill in for the cursor. */
async function write(file: vscode.Uri, manifest: Pieces): Promise<void> {
  await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(plainOf(manifest)));
  const document = await vscode.workspace.openTextDocument(file);
  const editor = await vscode.window.showTextDocument(document);
  const all = new vscode.Range(0, 0, document.lineCount, 0);
  await editor.insertSnippet(new vscode.SnippetString(snippetOf(manifest)), all);
  await document.save();
}

/** Kustomize builds what its kustomization lists, and nothing else. */
async function tellKustomization(file: vscode.Uri, folder: vscode.Uri): Promise<void> {
  const name = file.path.slice(file.path.lastIndexOf('/') + 1);
  const kustomization = vscode.Uri.joinPath(folder, 'kustomization.yaml');
  if (!(await exists(kustomization))) return;
  const open = 'Open kustomization.yaml';
  const answer = await vscode.window.showInformationMessage(
    `Add ${name} to the resources of kustomization.yaml: until then kustomize leaves the hook out.`,
    open,
  );
  if (answer === open) await vscode.window.showTextDocument(kustomization);
}
