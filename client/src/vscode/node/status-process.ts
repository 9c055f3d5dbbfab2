import { execFile } from 'node:child_process';
import { editorSettingsLine } from '../../sync/editor-settings.ts';
import type { ApplicationStatus } from '../../sync/status-model.ts';
import type { StatusRequest } from '../platform.ts';
import { runEnvironment } from '../sync/environment.ts';

/** Memory that an answer may take. */
const LARGEST = 64 * 1024 * 1024;
/** Milliseconds after which a cluster that does not answer is given up. */
const PATIENCE = 120_000;

/**
 * Asks the terminal client, in a process of its own, how an application stands in the active context.
 * Rejects with what it says where it cannot tell.
 */
export function statusProcess(cli: string, cwd: string, request: StatusRequest): Promise<ApplicationStatus> {
  const { application, path, kubeconfig, kubeContext, settings } = request;
  const { explicit, surroundings } = kubeconfig;
  const where = [
    ...(explicit === '' ? [] : ['--kubeconfig', explicit]),
    ...(kubeContext === '' ? [] : ['--context', kubeContext]),
  ];
  const args = [
    cli,
    'status',
    '--editor-settings',
    '--application',
    application,
    '--format',
    'json',
    ...where,
    '--',
    path,
  ];
  const env = { ...process.env, ...runEnvironment(surroundings, process.env), ELECTRON_RUN_AS_NODE: '1' };
  const options = { cwd, env, maxBuffer: LARGEST, timeout: PATIENCE, windowsHide: true };
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, args, options, (error, stdout, stderr) => {
      const said = stderr.trim();
      const failed = (): void =>
        reject(new Error(said === '' ? `The status could not be had: ${error?.message ?? 'no answer'}` : said));
      if (stdout.trim() === '') return failed();
      const { applications } = JSON.parse(stdout) as { readonly applications: readonly ApplicationStatus[] };
      const [status] = applications;
      if (status) resolve(status);
      else failed();
    });
    // A process that is gone does not read: it tells its end by itself.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(editorSettingsLine(settings));
  });
}
