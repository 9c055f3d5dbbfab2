import { writeFile, mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { git } from '#git-node';
import type { Application } from '#service';
import {
  APPLICATION_DEFAULTS,
  fileProblem,
  nameFrom,
  nameProblem,
  needsRecursion,
  withoutCredentials,
  type NewApplication,
} from '../text/application.ts';
import { UsageError, type Flags } from './args.ts';
import { repositoryPath } from './workspace.ts';

/** The Application that the flags make of a folder's; what they do not say is taken from Git and from the folder. @throws UsageError */
export async function newApplication(
  flags: Flags,
  { name, path: source, files, namespace }: Application,
): Promise<NewApplication> {
  const policy = flags.oneOf('sync-policy', ['manual', 'automated'], 'manual');
  const wasted = ['auto-prune', 'self-heal'].find((flag) => flags.has(flag));
  if (policy === 'manual' && wasted !== undefined)
    throw new UsageError(`--${wasted} does nothing without --sync-policy automated`);
  const named = flags.get('name') ?? nameFrom(name);
  const repoURL = flags.get('repo') ?? (await remote());
  if (repoURL === undefined)
    throw new UsageError(
      'Git knows no remote here: name the address of the repository with --repo, as Argo CD reaches it',
    );
  const { argocdNamespace, project, targetRevision, server } = APPLICATION_DEFAULTS;
  const prefix = (await git('.', 'rev-parse', '--show-prefix'))?.trim() ?? '';
  const made: NewApplication = {
    name: named,
    argocdNamespace: flags.get('argocd-namespace') ?? argocdNamespace,
    project: flags.get('project') ?? project,
    repoURL,
    path: repositoryPath(prefix, source).replace(/\/$/, '') || '.',
    targetRevision: flags.get('revision') ?? targetRevision,
    recurse: needsRecursion(source, files),
    server: flags.get('dest-server') ?? server,
    namespace: flags.get('dest-namespace') ?? (namespace || named),
    policy: { automated: policy === 'automated', prune: flags.has('auto-prune'), selfHeal: flags.has('self-heal') },
    createNamespace: !flags.has('no-create-namespace'),
  };
  for (const value of [made.name, made.argocdNamespace, made.namespace]) {
    const problem = nameProblem(value);
    if (problem !== undefined) throw new UsageError(`${value} cannot be a name. ${problem}`);
  }
  return made;
}

/** The address of the remote `origin`, else of the first one. */
async function remote(): Promise<string | undefined> {
  const names = (await git('.', 'remote'))?.split('\n').filter((line) => line !== '') ?? [];
  const name = names.includes('origin') ? 'origin' : names[0];
  const address = name === undefined ? undefined : (await git('.', 'remote', 'get-url', name))?.trim();
  return address === undefined || address === '' ? undefined : withoutCredentials(address);
}

/** Writes a manifest to a new file that is no part of what it syncs. @throws UsageError */
export async function writeManifest(file: string, text: string, source: string, recurse: boolean): Promise<void> {
  const within = path.relative(process.cwd(), path.resolve(file)).split(path.sep).join('/');
  const problem = within.startsWith('..') ? undefined : fileProblem(within, source, recurse);
  if (problem !== undefined) throw new UsageError(`${file}: ${problem}`);
  const isThere = await stat(file).then(
    () => true,
    () => false,
  );
  if (isThere) throw new UsageError(`${file} is there already. Nothing was written: choose another file`);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text, { flag: 'wx' });
}
