import * as vscode from 'vscode';

/**
 * Starts the language server in a worker of its own.
 * @param script address of dist/web/server.js
 * @param onOutput what it says beside the protocol
 */
export async function startServerWorker(script: vscode.Uri, onOutput: (text: string) => void): Promise<Worker> {
  const worker = new Worker(await addressOf(script));
  worker.addEventListener('error', ({ message }) => onOutput(message));
  return worker;
}

/** VS Code starts no worker from the address of an extension on a remote; from its text it does. */
async function addressOf(script: vscode.Uri): Promise<string> {
  if (script.scheme !== 'vscode-remote') return script.toString(true);
  const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(script));
  return URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
}
