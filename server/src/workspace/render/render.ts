import type { PlanProblem } from '../../core/plan/model.ts';
import { openFile, type SourceFile } from '../../manifest/source-file.ts';
import { enablesHelm, readBuildOptions } from './build-options.ts';
import { helmArguments, OWN_VALUES } from './helm-arguments.ts';
import { helmInputs, type HelmInputs } from './helm-inputs.ts';
import { ChartPaths, helmSources, lineOfDependency, type Trace } from './helm-origins.ts';
import { editedKustomization } from './kustomize-edits.ts';
import { kustomizeInputs, type KustomizeInputs, type RenderTree } from './kustomize-inputs.ts';
import { kustomizeTraces, lineAt, tracedKustomization } from './kustomize-origins.ts';
import type {
  Cancellation,
  HelmRequest,
  KustomizeRequest,
  Renderer,
  RenderJob,
  RenderOutput,
  RenderRequest,
} from './model.ts';
import { KUSTOMIZATION_NAMES } from './kustomization.ts';
import { fetchedChart, fetchedText, overlaid } from './fetched-chart.ts';
import { cannotRender, helmProblem, kustomizeProblem, said, unplaced } from './problems.ts';
import type { RenderedSource } from './rendered.ts';
import { joinPath } from '../paths.ts';
import { shownAddress, type RegistryChart } from '../registry-charts.ts';

/** What became of a render. `inputs`: every file that it was made from. */
export type Rendering =
  | { readonly kind: 'rendered'; readonly rendered: RenderedSource; readonly inputs: ReadonlySet<string> }
  | { readonly kind: 'failed'; readonly problems: readonly PlanProblem[]; readonly inputs: ReadonlySet<string> }
  | { readonly kind: 'cancelled' };

/** What a render reads. */
export interface RenderWorkspace {
  readonly renderer: Renderer;
  /** Text of a file that an editor holds; undefined where none does. */
  readonly openText: (path: string) => string | undefined;
  /** Is the file in the index, so that it need not be kept? */
  readonly isKnown: (path: string) => boolean;
}

/** Renders a source and leads what comes out back to its files. Never rejects. */
export function render(
  request: RenderRequest,
  workspace: RenderWorkspace,
  cancellation: Cancellation,
): Promise<Rendering> {
  const tree = treeOf(workspace);
  switch (request.tool) {
    case 'kustomize':
      return renderKustomization(request, { ...workspace, tree }, cancellation);
    case 'helm':
      return request.chart
        ? renderFetched({ ...request, chart: request.chart }, { ...workspace, tree }, cancellation)
        : renderChart(request, { ...workspace, tree }, cancellation);
  }
}

interface Scope extends RenderWorkspace {
  readonly tree: RenderTree;
  /** Files of a chart that was fetched, where they are laid out. */
  readonly fetched?: ReadonlyMap<string, string | Uint8Array>;
}

/** The disk, with what the editors hold laid over it. */
const treeOf = ({ renderer, openText }: RenderWorkspace): RenderTree => ({
  entry: async (path) => (openText(path) === undefined ? renderer.entry(path) : 'file'),
  read: async (path) => openText(path) ?? renderer.read(path),
  list: (folder) => renderer.list(folder),
});

/** Texts of the files that an editor holds. */
function openTexts(files: Iterable<string>, { openText }: RenderWorkspace): Map<string, string> {
  const texts = new Map<string, string>();
  for (const path of files) {
    const text = openText(path);
    if (text !== undefined) texts.set(path, text);
  }
  return texts;
}

const failed = (inputs: Iterable<string>, ...problems: readonly PlanProblem[]): Rendering => ({
  kind: 'failed',
  problems,
  inputs: new Set(inputs),
});

async function renderKustomization(
  { folder, edits }: KustomizeRequest,
  scope: Scope,
  cancellation: Cancellation,
): Promise<Rendering> {
  const options = readBuildOptions(scope.renderer.kustomizeBuildOptions ?? '');
  const given = 'arguments' in options ? options.arguments : [];
  const inputs = await kustomizeInputs(folder, scope.tree, { components: edits?.components, helm: enablesHelm(given) });
  const { files, kustomizations } = inputs;
  if ('wrong' in options) return failed(files, optionsProblem(folder, inputs, options.wrong));
  const refused = scope.renderer.network ? undefined : remoteProblem(folder, inputs);
  if (refused) return failed(files, refused);
  const own = kustomizations.get(folder);
  const edited = own && edits ? editedKustomization(own.value, await presentEdits(folder, edits, scope.tree)) : {};
  if (own && edited.refused !== undefined)
    return failed(files, { file: own.path, line: 1, message: cannotRender('kustomize', folder, edited.refused) });
  const texts = openTexts(files, scope);
  if (own && edited.text !== undefined) texts.set(own.path, edited.text);
  const value = own && edited.text !== undefined ? (JSON.parse(edited.text) as typeof own.value) : own?.value;
  const traced = value && tracedKustomization(value);
  const job: RenderJob = {
    tool: 'kustomize',
    folder,
    files,
    copies: new Map(),
    texts,
    extra: new Map(),
    calls: [['.', ...given]],
    ...(own && traced !== undefined ? { traced: new Map([[own.path, traced]]) } : {}),
  };
  const output = await scope.renderer.render(job, cancellation);
  if (output.kind !== 'rendered')
    return notRendered(output, files, folder, async (message) => kustomizeProblem(message, folder, inputs));
  const file = openFile('', output.output);
  const traces = kustomizeTraces(
    file,
    openFile('', output.traced ?? (traced === undefined ? output.output : '')),
    folder,
  );
  const taken = new Set([...kustomizations.values()].map(({ path }) => path));
  const bases = files.filter((path) => !taken.has(path) && /\.(?:ya?ml|json)$/.test(path));
  const kept = await keep(bases, scope);
  const rendered: RenderedSource = { tool: 'kustomize', folder, output: file, kept, traces, kustomizations, bases };
  return { kind: 'rendered', rendered, inputs: new Set(files) };
}

/** Components that may be missing are left out where they are. Source: argo-cd util/kustomize/kustomize.go `Build`. */
async function presentEdits(
  folder: string,
  edits: NonNullable<KustomizeRequest['edits']>,
  tree: RenderTree,
): Promise<typeof edits> {
  if (!edits.ignoreMissingComponents || edits.components.length === 0) return edits;
  const there = await Promise.all(edits.components.map((component) => tree.entry(joinPath(folder, component))));
  return { ...edits, components: edits.components.filter((_, i) => there[i] !== undefined) };
}

function optionsProblem(folder: string, { kustomizations }: KustomizeInputs, wrong: string): PlanProblem {
  const why = `the setting argocdHooks.render.kustomizeBuildOptions is wrong: ${wrong}.`;
  const file = kustomizations.get(folder)?.path ?? folder;
  return { file, line: 1, message: cannotRender('kustomize', folder, why) };
}

function remoteProblem(folder: string, { remote }: KustomizeInputs): PlanProblem | undefined {
  const [first] = remote;
  if (!first) return undefined;
  const { kustomization, reference } = first;
  const why = `it builds on ${reference.text}, and nothing is fetched unless the setting argocdHooks.render.network allows it (--render-network in the terminal).`;
  return {
    file: kustomization.path,
    line: lineAt(kustomization.text, reference.path),
    message: cannotRender('kustomize', folder, why),
  };
}

async function renderChart(request: HelmRequest, scope: Scope, cancellation: Cancellation): Promise<Rendering> {
  const { folder } = request;
  const inputs = await helmInputs(request, scope.tree);
  const files = [...inputs.files, ...inputs.copies.values()];
  const refused =
    inputs.missing.length > 0 && !scope.renderer.network ? await missingProblem(folder, inputs, scope.tree) : undefined;
  if (refused) return failed(files, refused);
  const job: RenderJob = {
    tool: 'helm',
    folder,
    files: inputs.files,
    copies: inputs.copies,
    texts: new Map<string, string | Uint8Array>([...(scope.fetched ?? []), ...openTexts(files, scope)]),
    extra: new Map(request.values === undefined ? [] : [[OWN_VALUES, request.values]]),
    calls: [
      ...(inputs.missing.length > 0 ? [['dependency', 'build', '.']] : []),
      helmArguments({ ...request, valueFiles: inputs.valueFiles }),
    ],
  };
  const output = await scope.renderer.render(job, cancellation);
  const paths = new ChartPaths(folder, scope.tree, inputs.copies);
  if (output.kind !== 'rendered')
    return notRendered(output, files, folder, (message) => helmProblem(message, folder, { tree: scope.tree, paths }));
  const file = openFile('', output.output);
  const traces = await tracesOf(file, paths);
  const kept = await keep(new Set(traces.flatMap((trace) => trace?.file ?? [])), scope);
  const valueFiles = [joinPath(folder, 'values.yaml'), ...inputs.valueFiles];
  const rendered: RenderedSource = { tool: 'helm', folder, output: file, kept, traces, valueFiles };
  return { kind: 'rendered', rendered, inputs: new Set(files) };
}

/** Fetches a chart of a registry, and renders it as one that lies in the folder where it is laid out. */
async function renderFetched(
  request: HelmRequest & { readonly chart: RegistryChart },
  scope: Scope,
  cancellation: Cancellation,
): Promise<Rendering> {
  const { chart, folder } = request;
  const output = await scope.renderer.chart(chart, cancellation);
  if (output.kind !== 'fetched') {
    const words = fetchedText(chart);
    const rendering = await notRendered(output, request.valueFiles, words, async (message) => ({
      message: cannotRender('Helm', words, said(shownAddress(message))),
    }));
    if (rendering.kind !== 'failed') return rendering;
    return { ...rendering, problems: rendering.problems.map(unplaced) };
  }
  const fetched = fetchedChart(folder, chart, output.files);
  const tree = overlaid(scope.tree, fetched);
  const rendering = await renderChart(request, { ...scope, tree, fetched: fetched.files }, cancellation);
  switch (rendering.kind) {
    case 'cancelled':
      return rendering;
    case 'failed': {
      const problems = rendering.problems.map((problem) => {
        return { ...problem, message: shownAddress(problem.message).replaceAll(folder, fetched.words) };
      });
      return { ...rendering, problems };
    }
    case 'rendered': {
      const rendered = { ...rendering.rendered, registry: fetched.words };
      return { ...rendering, rendered };
    }
  }
}

async function missingProblem(folder: string, { missing }: HelmInputs, tree: RenderTree): Promise<PlanProblem> {
  const file = joinPath(folder, 'Chart.yaml');
  const names = missing.map(({ name }) => name);
  const line = lineOfDependency((await tree.read(file)) ?? '', names[0] ?? '');
  const why = `it depends on ${names.join(', ')}, ${names.length === 1 ? 'which is' : 'which are'} not in its folder charts. Run \`helm dependency build ${folder}\` once, or allow the setting argocdHooks.render.network (--render-network in the terminal).`;
  return { file, line, message: cannotRender('Helm', folder, why) };
}

async function tracesOf(output: SourceFile, paths: ChartPaths): Promise<(Trace | undefined)[]> {
  const sources = helmSources(output);
  const traces = new Map<string, Trace>();
  for (const named of sources) {
    if (named === undefined || traces.has(named)) continue;
    const file = await paths.pathOf(named);
    traces.set(named, file === undefined ? { named } : { named, file });
  }
  return sources.map((named) => (named === undefined ? undefined : traces.get(named)));
}

/** Reads files that the index does not hold, so that places in them can be told. */
async function keep(files: Iterable<string>, scope: Scope): Promise<Map<string, SourceFile>> {
  const kept = new Map<string, SourceFile>();
  for (const path of files) {
    if (scope.isKnown(path)) continue;
    const text = await scope.tree.read(path);
    if (text !== undefined) kept.set(path, openFile(path, text));
  }
  return kept;
}

interface ToolWords {
  readonly name: string;
  readonly install: string;
  /** Page that tells how it is installed. */
  readonly url: string;
}

const TOOLS: Readonly<Record<RenderRequest['tool'], ToolWords>> = {
  helm: { name: 'Helm', install: 'helm', url: 'https://helm.sh/docs/intro/install/' },
  kustomize: {
    name: 'kustomize',
    install: 'kustomize or kubectl',
    url: 'https://kubectl.docs.kubernetes.io/installation/kustomize/',
  },
};

/** Files that say what a folder is. */
const DESCRIPTIONS: readonly string[] = ['Chart.yaml', ...KUSTOMIZATION_NAMES];

async function notRendered(
  output: Exclude<RenderOutput, { kind: 'rendered' }>,
  inputs: readonly string[],
  folder: string,
  lead: (message: string) => Promise<PlanProblem>,
): Promise<Rendering> {
  switch (output.kind) {
    case 'cancelled':
      return { kind: 'cancelled' };
    case 'failed':
      return failed(inputs, await lead(output.message));
    case 'missing': {
      const { name, install, url } = TOOLS[output.tool];
      const why = `there is no ${install} on this machine. Install it, or name it in the settings under argocdHooks.render.`;
      const file = inputs.find((path) => DESCRIPTIONS.some((own) => path === joinPath(folder, own))) ?? folder;
      const help = { title: `How to install ${name}`, url };
      return failed(inputs, { file, line: 1, message: cannotRender(name, folder, why), help });
    }
  }
}
