import type { ApplicationPlan, PlanProblem } from '../core/plan/model.ts';
import type { ConfiguredApplication } from './configured.ts';
import type { Files } from './files.ts';
import { openIndex, type WorkspaceIndex } from './index.ts';
import type { Application, SyncSource } from './model.ts';
import { RenderKeeper } from './render/keeper.ts';
import type { Renderer } from './render/model.ts';
import { fileSource, syncSource } from './source.ts';

export interface ServiceOptions {
  /** Name of the root folder, for an application whose source is the root itself. */
  readonly rootName: string;
  /** Renders kustomizations and charts; without it they are taken as they are written. */
  readonly renderer?: Renderer;
  /** Applications that count before all that is found. */
  readonly applications?: readonly ConfiguredApplication[];
  /** Glob patterns of files and folders that are left out. */
  readonly exclude?: readonly string[];
}

/** How far a render came. */
export interface RenderProgress {
  /** Applications that are done, and all that have anything to render. */
  readonly done: number;
  readonly total: number;
  /** One that is being rendered; undefined when all are done. */
  readonly now: Application | undefined;
}

export interface Service {
  /** All applications of what was opened, in the order of their paths. */
  applications(): readonly Application[];
  /** The applications that a file belongs to, decides about (values, a kustomization) or declares. */
  applicationsOf(path: string): readonly Application[];
  /**
   * Renders the kustomizations and charts of applications, so that `plan` and `source` speak of what comes out.
   * What cannot be rendered is a problem of its plan. Never rejects; does nothing without a renderer.
   * @param progress is told whenever one begins or ends
   */
  render(applications: readonly Application[], progress?: (progress: RenderProgress) => void): Promise<void>;
  /** The plan of an application: what a first sync would do. */
  plan(application: Application): ApplicationPlan;
  /** The text of a file as it was read; undefined where it was not. */
  text(path: string): string | undefined;
  /** What a sync would send, or why it may not. */
  source(application: Application): SyncSource;
  /** The objects of one file as they would be sent, whatever application it belongs to. */
  objects(path: string): SyncSource;
  /** Files that could not be read, and why. */
  unreadable(): readonly PlanProblem[];
}

/** Opens what stands in some folders or files: the façade of it, and what that speaks of. */
export async function openIndexed(
  files: Files,
  paths: readonly string[],
  { rootName, applications = [], exclude = [], renderer }: ServiceOptions,
): Promise<{ readonly index: WorkspaceIndex; readonly service: Service }> {
  const index = await openIndex(files, { rootName, applications, exclude }, paths.length === 0 ? ['.'] : paths);
  const keeper = renderer && new RenderKeeper(index, renderer);
  const service: Service = {
    render: async (due, progress) => {
      if (keeper) await renderAll(keeper, due, progress);
    },
    applications: () => index.applications(),
    applicationsOf: (path) => index.applicationsOf(path),
    plan: (application) => index.plan(application),
    text: (path) => index.file(path)?.text,
    source: (application) => syncSource(index, application),
    objects: (path) => fileSource(index, path),
    unreadable: () => index.unreadable(),
  };
  return { index, service };
}

/** How many applications are rendered at a time: the files of each are held until it is done. */
const AT_A_TIME = 8;

async function renderAll(
  keeper: RenderKeeper,
  applications: readonly Application[],
  progress: (progress: RenderProgress) => void = () => undefined,
): Promise<void> {
  const due = applications.filter((application) => keeper.isDue(application));
  const waiting = [...due];
  const running = new Set<Application>();
  let done = 0;
  const tell = (): void => progress({ done, total: due.length, now: [...running][0] });
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      running.add(next);
      tell();
      await keeper.refresh(next);
      running.delete(next);
      done++;
      tell();
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
}
