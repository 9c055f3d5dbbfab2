import * as vscode from 'vscode';
import type { ApplicationRef } from '#protocol';
import type { Target } from './choose.ts';
import { editorSettings } from './editor-settings.ts';
import type { RunRequest } from './run.ts';
import { kubeconfigChoice } from './surroundings.ts';

/** What is asked of the process that runs an application there, by the settings of its folder as they are now. */
export function requestOf(application: ApplicationRef, target: Target): RunRequest {
  const folder = vscode.Uri.parse(application.folder);
  const settings = vscode.workspace.getConfiguration('argocdHooks', folder);
  const kubeconfig = kubeconfigChoice(folder);
  const waveDelay = settings.get<number | null>('waveDelay', null);
  const common = {
    path: application.path,
    application: application.name,
    settings: editorSettings(folder),
    kubeconfig: kubeconfig.explicit,
    ...(waveDelay === null ? {} : { waveDelay }),
  };
  if (target.mode === 'sync')
    return {
      ...common,
      mode: 'sync',
      deletes: target.deletes === true,
      context: target.context.name,
      surroundings: kubeconfig.surroundings,
      resume: target.resume ?? false,
      resources: target.resources ?? [],
    };
  return {
    ...common,
    mode: 'simulate',
    deletes: target.scenario?.deletes === true,
    context: '',
    // What one failure comes to is told at once.
    ...(target.subject ? {} : { speed: settings.get('simulation.speed', 1) }),
    ...(target.scenario ? { scenario: target.scenario } : {}),
  };
}
