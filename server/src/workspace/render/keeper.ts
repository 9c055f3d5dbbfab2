import type { WorkspaceIndex } from '../index.ts';
import type { PlanProblem } from '../../core/plan/model.ts';
import { isEqual } from '../../core/equal.ts';
import type { Application } from '../model.ts';
import { folderOf, isWithin } from '../paths.ts';
import { chartText, isRegistryChart } from '../registry-charts.ts';
import { sourceKey, type Settled } from '../renderings.ts';
import { cancellation } from './cancellation.ts';
import type { Cancellation, Renderer, RenderRequest } from './model.ts';
import { cannotRender, unplaced } from './problems.ts';
import { render } from './render.ts';
import { requestOf } from './request.ts';

/** Whatever is wrong in a chart of a registry is told where the Application is written. */
function placed(rendering: Settled, { declaredIn }: Application, request: RenderRequest): Settled {
  if (request.tool !== 'helm' || !request.chart || rendering.kind !== 'failed') return rendering;
  const problems = rendering.problems.map((problem): PlanProblem => {
    const { file } = problem;
    return file !== undefined && !isWithin(file, request.folder) ? problem : { ...unplaced(problem), ...declaredIn };
  });
  return { ...rendering, problems };
}

interface Source {
  readonly request: RenderRequest;
  /** Files that it was made from; undefined until that is known. */
  inputs: ReadonlySet<string> | undefined;
  folders: ReadonlySet<string>;
  /** Grows with each change of what it is made from. */
  version: number;
  /** Version that the index has; 0: none. */
  settled: number;
  running: { readonly version: number; readonly cancel: () => void; readonly done: Promise<void> } | undefined;
}

/**
 * Keeps what an index knows of rendered applications up to date: renders a source when somebody asks for its
 * application and something that it is made from changed. A render that is overtaken by a change is cancelled.
 */
export class RenderKeeper {
  readonly #index: WorkspaceIndex;
  readonly #renderer: Renderer;
  readonly #sources = new Map<string, Source>();

  constructor(index: WorkspaceIndex, renderer: Renderer) {
    this.#index = index;
    this.#renderer = renderer;
  }

  /** A file is another one, on the disk or in an editor: what is made from it has to be rendered again. */
  touch(path: string): void {
    const folder = folderOf(path);
    for (const source of this.#sources.values()) {
      const { inputs, folders, request } = source;
      if (!inputs || inputs.has(path) || folders.has(folder) || isWithin(path, request.folder)) source.version++;
    }
  }

  /** What stands outside of the files is another one, such as a tool or a registry: everything has to be rendered again. */
  touchAll(): void {
    for (const source of this.#sources.values()) source.version++;
  }

  /** Is there anything to render for the application as it stands? */
  isDue(application: Application): boolean {
    return this.#due(application).length > 0;
  }

  /**
   * Renders what has to be rendered of an application. Resolves to whether its plan is another one, when the renders
   * ended or were overtaken by a change. Never rejects.
   */
  async refresh(application: Application): Promise<boolean> {
    const due = this.#due(application);
    const changed = await Promise.all(due.map(([i, source]) => this.#run(application, i, source)));
    return changed.includes(true);
  }

  /** Ends what runs. */
  end(): void {
    for (const { running } of this.#sources.values()) running?.cancel();
    this.#sources.clear();
  }

  #due(application: Application): [number, Source][] {
    return application.sources.flatMap((source, i): [number, Source][] => {
      const found = requestOf(application, source, this.#renderer.network);
      if (!found) return [];
      const key = sourceKey(application, i);
      if ('unable' in found) {
        this.#unable(application, i, key, found.unable);
        return [];
      }
      let known = this.#sources.get(key);
      if (!known || !isEqual(known.request, found.request)) {
        const version = (known?.version ?? 0) + 1;
        const { settled = 0, running } = known ?? {};
        known = { request: found.request, inputs: undefined, folders: new Set(), version, settled, running };
        this.#sources.set(key, known);
      }
      return known.settled === known.version ? [] : [[i, known]];
    });
  }

  #unable(application: Application, i: number, key: string, why: string): void {
    this.#sources.delete(key);
    const source = application.sources[i];
    const what = source && isRegistryChart(source) ? `the ${chartText(source)}` : (source?.folder ?? '.');
    const message = cannotRender('Helm', what, why);
    if (this.#index.renderings.of(application, i)?.problems[0]?.message === message) return;
    const place = application.declaredIn ?? {};
    this.#index.setRendering(application, i, { kind: 'failed', problems: [{ ...place, message }], inputs: new Set() });
  }

  #run(application: Application, i: number, source: Source): Promise<boolean> {
    const { version, running } = source;
    if (running?.version === version) return running.done.then(() => false);
    running?.cancel();
    const own = cancellation();
    const work = this.#render(application, i, source, own);
    source.running = { version, cancel: () => own.cancel(), done: work.then(() => undefined) };
    return work;
  }

  async #render(application: Application, i: number, source: Source, own: Cancellation): Promise<boolean> {
    const { version, request } = source;
    const index = this.#index;
    const rendering = await render(
      request,
      {
        renderer: this.#renderer,
        openText: (path) => (index.isOpen(path) ? index.file(path)?.text : undefined),
        isKnown: (path) => index.file(path) !== undefined,
      },
      own,
    );
    if (source.running?.version === version) source.running = undefined;
    if (rendering.kind === 'cancelled' || own.cancelled || source.version !== version) return false;
    source.inputs = rendering.inputs;
    source.folders = new Set([...rendering.inputs].map(folderOf));
    source.settled = version;
    index.setRendering(application, i, placed(rendering, application, request));
    return true;
  }
}
