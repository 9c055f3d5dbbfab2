import { stat } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { nodeFiles } from '#files-node';
import { git } from '#git-node';
import type { Application, Files, PlanProblem, Renderer } from '#service';
import { openLintService, type LintService } from '#service/lint';
import { UsageError } from './args.ts';
import type { Config } from './config.ts';
import { renderAll, rendererOf } from './rendering.ts';

/** Stands for the standard input among the paths, and for its text in what is told. */
export const STDIN = '-';

/** The paths of a call, seen from the working folder, with `/`. @throws UsageError where one cannot be read */
export async function readablePaths(paths: readonly string[]): Promise<string[]> {
  const root = process.cwd();
  return Promise.all(
    paths.map(async (given) => {
      if (given === STDIN) return STDIN;
      try {
        await stat(given);
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : '';
        const why = code === 'ENOENT' ? 'there is no such file or folder' : code === 'EACCES' ? 'not allowed' : code;
        throw new UsageError(`${given} cannot be read: ${why}`);
      }
      return path.relative(root, path.resolve(root, given)).split(path.sep).join('/') || '.';
    }),
  );
}

/** A path of the working folder as the repository around it has it. @param prefix of the working folder, as Git tells it */
export const repositoryPath = (prefix: string, file: string): string => path.posix.normalize(`${prefix}${file}`);

/** The files of the working folder; the standard input is one more, called `-`. */
async function filesOf(paths: readonly string[], { maxFileSize }: Config): Promise<Files> {
  const files = nodeFiles(process.cwd(), { maxFileSize: () => maxFileSize });
  if (!paths.includes(STDIN)) return files;
  const input = await text(process.stdin);
  return {
    read: async (file) => (file === STDIN ? input : files.read(file)),
    list: async (folder, skip) => (folder === STDIN ? [STDIN] : files.list(folder, skip)),
    whyUnreadable: (file) => files.whyUnreadable?.(file),
  };
}

/** Opens files as a workspace, with the settings of the call. */
export const openFiles = (
  files: Files,
  paths: readonly string[],
  config?: Config,
  renderer?: Renderer,
): Promise<LintService> =>
  openLintService(files, paths, {
    rootName: path.basename(process.cwd()) || 'application',
    ...(renderer === undefined ? {} : { renderer }),
    ...(config?.argocdVersion === undefined ? {} : { argocdVersion: config.argocdVersion }),
    ...(config === undefined
      ? {}
      : { levels: config.levels, applications: config.applications, exclude: config.exclude }),
  });

/** Opens exactly the paths of a call, for their text alone. */
export async function openPaths(paths: readonly string[], config: Config, renderer?: Renderer): Promise<LintService> {
  const given = await readablePaths(paths);
  return openFiles(await filesOf(given, config), given, config, renderer);
}

export interface Opened {
  readonly service: LintService;
  /** The paths of the call, and those that were read for it. */
  readonly asked: readonly string[];
  readonly read: readonly string[];
  /** The applications that the paths of the call mean. */
  readonly applications: readonly Application[];
  /** Where they mean none: files there that could not be read, and why. */
  readonly unreadable: readonly PlanProblem[];
}

/**
 * Opens the applications of a call. An Argo CD Application manifest may stand anywhere, so in a Git repository the whole
 * working folder is read, beside what the paths name (which Git may ignore); elsewhere only where the paths alone do not
 * show an application, or none of the wanted name.
 */
export async function openApplications(paths: readonly string[], config: Config, wanted?: string): Promise<Opened> {
  const given = await readablePaths(paths);
  const files = await filesOf(given, config);
  const all = given.length === 0 ? ['.'] : given;
  const inside = all.every((place) => place !== STDIN && !place.startsWith('..'));
  const inGit = inside && (await git('.', 'rev-parse', '--is-inside-work-tree')) !== undefined;
  // What the settings name is read as a whole: half of an application has another plan.
  const named = inside ? config.applications.map(({ path: folder }) => folder) : [];
  const first = await open(files, inGit ? ['.', ...all] : [...all, ...named], all, config, wanted);
  // A folder of that name may be the source of an Application that is declared elsewhere, and says where it goes.
  const missing =
    wanted === undefined
      ? first.applications.length === 0
      : first.applications.every(({ declaredIn }) => declaredIn === undefined);
  return missing && inside && !inGit ? open(files, ['.'], all, config, wanted) : first;
}

async function open(
  files: Files,
  read: readonly string[],
  asked: readonly string[],
  config: Config,
  wanted: string | undefined,
): Promise<Opened> {
  const service = await openFiles(files, read, config, rendererOf(config));
  const applications = service
    .applications()
    .filter((application) =>
      asked.some((place) => isMeant(application, place) || service.applicationsOf(place).includes(application)),
    )
    .filter(({ name }) => wanted === undefined || name === wanted);
  await renderAll(service, applications);
  const unreadable =
    applications.length > 0
      ? []
      : service.unreadable().filter(({ file }) => file !== undefined && asked.some((place) => isIn(file, place)));
  return { service, asked, read, applications, unreadable };
}

const isIn = (file: string, place: string): boolean => place === '.' || file === place || file.startsWith(`${place}/`);

/** What keeps everything there from being read. @throws UsageError where that is why there is no application */
export function refuseUnreadable({ applications, unreadable }: Opened): void {
  if (applications.length > 0 || unreadable.length === 0) return;
  throw new UsageError(unreadable.map(({ file, message }) => `${file ?? ''}: ${message}`).join('\n'));
}

/** Does a path mean an application: its folder, one above, or some of its files? */
export function isMeant({ path: source, files, declaredIn }: Application, place: string): boolean {
  const within = (file: string): boolean => isIn(file, place);
  return within(source) || declaredIn?.file === place || files.some(within);
}

/** The one application of a call. @throws UsageError where there is none, or more than one */
export function theApplication(opened: Opened, wanted: string | undefined): Application {
  refuseUnreadable(opened);
  const { applications } = opened;
  const [first, ...more] = applications;
  if (!first)
    throw new UsageError(
      wanted === undefined ? 'No application here: no manifest was found' : `No application here is called ${wanted}`,
    );
  if (more.length > 0) {
    const names = applications.map(({ name, path: source }) => `${name} (${source})`).join(', ');
    throw new UsageError(
      `There are ${applications.length} applications here: ${names}. Name one with --application, or its path`,
    );
  }
  return first;
}
