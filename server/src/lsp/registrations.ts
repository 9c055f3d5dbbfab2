import { WatchKind } from 'vscode-languageserver';
import type { Session } from './session.ts';
import { SECTION } from './settings.ts';

/** Every kind of file that may hold manifests, or say which files form an application. */
const WATCHED = '**/*.{yaml,yml,json,tpl}';

/** A folder that is moved or deleted comes as one change, of which the files in it say nothing. */
const CAME_OR_WENT = WatchKind.Create | WatchKind.Delete;

interface Registration {
  readonly id: string;
  readonly method: string;
  readonly registerOptions: unknown;
}

/** Asks the client to tell what changes outside of its editors, as far as it can. */
export async function register({ client, connection }: Session): Promise<void> {
  const registrations: Registration[] = [];
  if (client.watchConfiguration)
    registrations.push({
      id: 'argocd-hooks-settings',
      method: 'workspace/didChangeConfiguration',
      registerOptions: { section: SECTION },
    });
  if (client.watchFiles)
    registrations.push({
      id: 'argocd-hooks-files',
      method: 'workspace/didChangeWatchedFiles',
      registerOptions: { watchers: [{ globPattern: WATCHED }, { globPattern: '**/*', kind: CAME_OR_WENT }] },
    });
  if (registrations.length > 0) await connection.sendRequest('client/registerCapability', { registrations });
}
