import { spawn } from 'node:child_process';
import type { ClusterEntry, ExecEntry } from '#core/kubeconfig/model';
import { readJson } from '#core/json';
import { isObject, type JsonObject } from '#core/object';
import { at, textOf } from '../sync/json.ts';
import type { Signal } from '../sync/signal.ts';
import { Aborted, onAbort } from './time.ts';

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

/**
 * Runs an exec credential plugin, as kubectl does: with `KUBERNETES_EXEC_INFO`, its standard error kept for the message.
 * Source: k8s.io/client-go/plugin/pkg/client/auth/exec/exec.go `refreshCredsLocked`.
 * @throws CredentialError when the program is missing, fails or answers something else
 */
export async function runExecPlugin(
  exec: ExecEntry,
  cluster: ClusterEntry,
  env: Readonly<Record<string, string | undefined>>,
  signal: Signal,
): Promise<ExecCredential> {
  if (exec.command === '') throw new CredentialError('The credential plugin of the kubeconfig has no command.');
  const interactive = exec.interactiveMode !== 'Never' && process.stdin.isTTY;
  if (exec.interactiveMode === 'Always' && !interactive) {
    throw new CredentialError(
      `The credential plugin "${exec.command}" needs a terminal to ask for input, and there is none here. Log in with it in a terminal first, or run the sync there.`,
    );
  }
  const output = await run(
    exec,
    { ...env, KUBERNETES_EXEC_INFO: execInfo(exec, cluster, interactive) },
    interactive,
    signal,
  );
  return credentialOf(exec, output);
}

function execInfo(exec: ExecEntry, cluster: ClusterEntry, interactive: boolean): string {
  return JSON.stringify({
    apiVersion: exec.apiVersion,
    kind: 'ExecCredential',
    spec: {
      interactive,
      ...(exec.provideClusterInfo
        ? {
            cluster: {
              server: cluster.server,
              'tls-server-name': cluster.tlsServerName || undefined,
              'insecure-skip-tls-verify': cluster.insecureSkipTlsVerify || undefined,
              'certificate-authority-data': cluster.certificateAuthorityData || undefined,
              'proxy-url': cluster.proxyUrl || undefined,
            },
          }
        : {}),
    },
  });
}

function run(
  exec: ExecEntry,
  env: Readonly<Record<string, string | undefined>>,
  interactive: boolean,
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
    let err = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (err += text));
    const off = onAbort(signal, () => child.kill());
    child.on('error', (error: NodeJS.ErrnoException) => {
      off();
      reject(new CredentialError(startFailure(exec, error.code ?? '')));
    });
    child.on('close', (code) => {
      off();
      if (signal.aborted) return reject(new Aborted());
      if (code === 0) return resolve(out);
      const said = redact(err.trim()).split('\n').slice(-3).join(' ').slice(0, 400);
      reject(
        new CredentialError(`The credential plugin "${exec.command}" failed (exit ${code ?? 'by a signal'}): ${said}`),
      );
    });
  });
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
