import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { ClusterEntry, ExecEntry } from '#core/kubeconfig/model';
import { readJson } from '#core/json';
import { isObject, type JsonObject } from '#core/object';
import { at, textOf } from '../sync/json.ts';
import type { Signal } from '../sync/signal.ts';
import { Aborted, onAbort } from './time.ts';

/** A log-in that takes so long is told of. */
const SLOW_MS = 1500;
/** Codes for a device are good for a quarter of an hour. */
const LOGIN_MS = 900_000;
const KILL_MS = 2000;

/** What a credential plugin gave. Never print it. */
export interface ExecCredential {
  readonly token: string;
  /** PEM. */
  readonly clientCertificate: string;
  /** PEM. */
  readonly clientKey: string;
  /** Milliseconds since 1970; infinite where the plugin names no end. */
  readonly expires: number;
}

/** No credentials could be had; the message is fit for a person and holds none. */
export class CredentialError extends Error {
  override name = 'CredentialError';
}

/** Leaves out what looks like a token in the text of somebody else. */
export function redact(text: string): string {
  return text
    .replace(/\beyJ[\w-]+\.[\w-]+(\.[\w-]*)?/g, '[redacted]')
    .replace(/\b(bearer|token|password|secret)(["']?\s*[:=]?\s*["']?)[^\s"',}]{8,}/gi, '$1$2[redacted]');
}

export interface PluginParts {
  readonly exec: ExecEntry;
  readonly cluster: ClusterEntry;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Told what the plugin says, and that it takes long. */
  readonly say: (text: string) => void;
  readonly signal: Signal;
}

/**
 * Runs an exec credential plugin, as kubectl does: with `KUBERNETES_EXEC_INFO`. What it writes to its standard error (where
 * to log in, which code to enter) is handed on as it comes, but for what looks like a token.
 * Source: k8s.io/client-go/plugin/pkg/client/auth/exec/exec.go `refreshCredsLocked`.
 * @throws CredentialError when the program is missing, fails, takes a quarter of an hour or answers something else
 */
export async function runExecPlugin({ exec, cluster, env, say, signal }: PluginParts): Promise<ExecCredential> {
  if (exec.command === '') throw new CredentialError('The credential plugin of the kubeconfig has no command.');
  const interactive = exec.interactiveMode !== 'Never' && process.stdin.isTTY;
  if (exec.interactiveMode === 'Always' && !interactive) {
    throw new CredentialError(
      `The credential plugin "${exec.command}" needs a terminal to ask for input, and there is none here. Log in with it in a terminal first, or run the sync there.`,
    );
  }
  const info = await execInfo(exec, cluster, interactive);
  const output = await run(exec, { ...env, KUBERNETES_EXEC_INFO: info }, interactive, say, signal);
  return credentialOf(exec, output);
}

async function execInfo(exec: ExecEntry, cluster: ClusterEntry, interactive: boolean): Promise<string> {
  const shown = exec.provideClusterInfo ? { cluster: await clusterInfo(cluster) } : {};
  return JSON.stringify({ apiVersion: exec.apiVersion, kind: 'ExecCredential', spec: { interactive, ...shown } });
}

/** Source: client-go/tools/clientcmd `execConfig`, rest/exec.go `ConfigToExecCluster`: an authority in a file is read. */
async function clusterInfo(cluster: ClusterEntry): Promise<object> {
  const { certificateAuthorityData: data, certificateAuthority: file } = cluster;
  const authority = data !== '' || file === '' ? data : await readAuthority(file);
  return {
    server: cluster.server,
    'tls-server-name': cluster.tlsServerName || undefined,
    'insecure-skip-tls-verify': cluster.insecureSkipTlsVerify || undefined,
    'certificate-authority-data': authority || undefined,
    'proxy-url': cluster.proxyUrl || undefined,
    config: cluster.execConfig,
  };
}

async function readAuthority(file: string): Promise<string> {
  try {
    return (await readFile(file)).toString('base64');
  } catch {
    throw new CredentialError(`The certificate authority ${file} that the kubeconfig names cannot be read.`);
  }
}

function run(
  exec: ExecEntry,
  env: PluginParts['env'],
  interactive: boolean,
  say: PluginParts['say'],
  signal: Signal,
): Promise<string> {
  const own = Object.fromEntries(exec.env.map(({ name, value }) => [name, value]));
  return new Promise((resolve, reject) => {
    const child = spawn(exec.command, [...exec.args], {
      env: { ...env, ...own },
      stdio: [interactive ? 'inherit' : 'ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    let out = '';
    const told = new Told(say);
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text));
    // On a terminal a question has no end of line: it is shown as it is.
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      told.push(text, !interactive);
      if (interactive) process.stderr.write(text);
    });
    const waiting = `The credential plugin "${exec.command}" is still at work: if it has opened a browser, or asks for something on your phone, finish the log-in there. Terminate to give up.`;
    const slow = setTimeout(() => say(waiting), SLOW_MS);
    const settle = (done: () => void): void => {
      clearTimeout(slow);
      clearTimeout(late);
      off();
      done();
    };
    const give = (error: Error): void => {
      child.kill();
      setTimeout(() => child.kill('SIGKILL'), KILL_MS).unref();
      settle(() => reject(error));
    };
    const late = setTimeout(
      () =>
        give(
          new CredentialError(`The credential plugin "${exec.command}" did not end within 15 minutes. Log in anew.`),
        ),
      LOGIN_MS,
    );
    const off = onAbort(signal, () => give(new Aborted()));
    child.on('error', (error: NodeJS.ErrnoException) =>
      settle(() => reject(new CredentialError(startFailure(exec, error.code ?? '')))),
    );
    child.on('close', (code) =>
      settle(() => {
        if (code === 0) return resolve(out);
        const end = `failed (exit ${code ?? 'by a signal'}): ${told.last()}`;
        reject(new CredentialError(`The credential plugin "${exec.command}" ${end}`));
      }),
    );
  });
}

/** What a plugin has said, line by line; each line is handed on once. */
class Told {
  readonly #say: (text: string) => void;
  readonly #lines: string[] = [];
  #rest = '';

  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  push(text: string, handOn: boolean): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines.map((one) => redact(one.trim())).filter((one) => one !== '')) {
      if (handOn && !this.#lines.includes(line)) this.#say(line);
      this.#lines.push(line);
    }
  }

  /** The last lines, for a failure. */
  last(): string {
    const lines = [...this.#lines, redact(this.#rest.trim())].filter((line) => line !== '');
    return lines.slice(-3).join(' ').slice(0, 400);
  }
}

function startFailure(exec: ExecEntry, code: string): string {
  if (code !== 'ENOENT') return `The credential plugin "${exec.command}" could not be started (${code}).`;
  const hint = exec.installHint === '' ? '' : ` ${exec.installHint.trim()}`;
  return `The credential plugin "${exec.command}" was not found. A VS Code that was started from the desktop may have a shorter PATH than your shell.${hint}`;
}

function credentialOf(exec: ExecEntry, output: string): ExecCredential {
  let status: JsonObject | undefined;
  try {
    const answer = at(readJson(output), 'status');
    status = isObject(answer) ? answer : undefined;
  } catch {
    status = undefined;
  }
  const token = textOf(status?.['token']);
  const clientCertificate = textOf(status?.['clientCertificateData']);
  const clientKey = textOf(status?.['clientKeyData']);
  if (token === '' && (clientCertificate === '' || clientKey === '')) {
    throw new CredentialError(
      `The credential plugin "${exec.command}" answered neither a token nor a client certificate.`,
    );
  }
  const expires = Date.parse(textOf(status?.['expirationTimestamp']));
  return { token, clientCertificate, clientKey, expires: Number.isNaN(expires) ? Infinity : expires };
}
