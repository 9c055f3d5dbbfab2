import type { ShowDocumentResult } from 'vscode-languageserver';
import { OPEN_PAGE } from '../language/code-actions.ts';
import { RULES, linkOf } from '../language/diagnostics/rules.ts';
import { isRecord, stringIn } from './params.ts';
import type { Session } from './session.ts';

/** Runs a command of the server. Nothing but the documentation of rules is ever shown. */
export async function onExecuteCommand({ connection, client }: Session, params: unknown): Promise<null> {
  const given = isRecord(params) ? params['arguments'] : undefined;
  const page: unknown = Array.isArray(given) ? given[0] : undefined;
  const uri = RULES.map(({ id }) => linkOf(id)).find((link) => link === page);
  if (stringIn(params, 'command') !== OPEN_PAGE || uri === undefined || !client.showDocument) return null;
  await connection.sendRequest<ShowDocumentResult>('window/showDocument', { uri, external: true });
  return null;
}
