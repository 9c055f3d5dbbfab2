import { at, flagAt, listAt, objectAt } from '../core/fields.ts';
import { isObject, type Json, type JsonObject } from '../core/object.ts';
import type { PlanProblem } from '../core/plan/model.ts';
import { declaredApplication, type DeclaredApplication, type DeclaredSet } from './declared.ts';
import { declaredApplications } from './application-sources.ts';
import type { Application } from './model.ts';
import { ancestorsOf, folderOf, isWithin, joinPath, normalizePath, relativeTo } from './paths.ts';
import { generate, matchesFile, matchesFolder, type GeneratorFiles } from './set-generators.ts';
import { applyTemplatePatch } from './set-patch.ts';
import { fill, templateModeOf, type TemplateMode, type Parameters } from './set-template.ts';
import { chartsOf } from './registry-charts.ts';
import type { Tree } from './tree.ts';
import type { Steps } from './steps.ts';

/** An Application that an ApplicationSet generates, and what of it is not known here. */
interface GeneratedApplication {
  readonly declaration: DeclaredApplication;
  readonly problems: readonly PlanProblem[];
}

/**
 * The applications that an ApplicationSet generates, as far as their sources lie in the root. Where none does because
 * something is not known here, the set itself stands for them, with the reason.
 */
export function* applicationsOfSet(set: DeclaredSet, tree: Tree): Steps<Application[]> {
  const { name, file, line } = set;
  const unresolved = new Map<string, PlanProblem>();
  const applications: Application[] = [];
  for (const { declaration, problems } of generatedApplications(set, tree)) {
    yield;
    const found = declaredApplications(declaration, tree).map((application) => ({
      ...application,
      reason: `The ApplicationSet ${name} in ${file} generates the Application ${application.name} with the source ${chartsOf(application) || application.path}.`,
      generatedBy: name,
      problems: [...problems, ...application.problems],
    }));
    applications.push(...found);
    if (found.length === 0) for (const problem of problems) unresolved.set(problem.message, problem);
  }
  if (applications.length > 0 || unresolved.size === 0) return applications;
  return [
    {
      name,
      path: folderOf(file),
      namespace: '',
      declaredIn: { file, line },
      kind: 'application',
      reason: `The ApplicationSet ${name} in ${file} generates Applications whose sources are not known here.`,
      files: [],
      syncOptions: [],
      automated: false,
      sources: [],
      generatedBy: name,
      problems: [...unresolved.values()],
    },
  ];
}

/**
 * The Applications of an ApplicationSet, from the generators that need nothing but the workspace: lists, folders and
 * files of Git, and matrix and merge of these. For what only Argo CD knows (clusters, pull requests) one Application
 * stands, with its templates as they are written.
 * Source: applicationset/controllers/template/template.go `GenerateApplications`.
 */
function* generatedApplications(set: DeclaredSet, tree: Tree): Generator<GeneratedApplication> {
  const { spec, file } = set;
  const mode = templateModeOf(spec);
  const scope = { mode, files: new RepositoryFiles(file, tree) };
  for (const generator of listAt(spec, 'generators')) {
    const { sets, unknown } = generate(generator, scope);
    const template = templateFor(generator, objectAt(spec, 'template'));
    const own = { ...mode, open: unknown.length > 0 };
    for (const parameters of sets) yield generatedApplication(set, template, { parameters, mode: own, unknown });
  }
}

interface Giving {
  readonly parameters: Parameters;
  readonly mode: TemplateMode;
  readonly unknown: readonly string[];
}

function generatedApplication(
  { spec, name, file, line }: DeclaredSet,
  template: JsonObject,
  { parameters, mode, unknown }: Giving,
): GeneratedApplication {
  const filled = fill(template, parameters, mode);
  const whole = withFinalizer(filled.value, spec);
  const patch = spec['templatePatch'];
  const patched = typeof patch === 'string' ? applyTemplatePatch(whole, patch, parameters, mode) : { value: whole };
  const messages = [
    ...unknown.map((what) => unknownMessage(name, what)),
    ...(unknown.length === 0 && filled.left.length > 0 ? [leftMessage(name, filled.left)] : []),
    ...('why' in patched
      ? [`The ApplicationSet ${name} has a templatePatch, which is not applied here: ${patched.why}.`]
      : []),
  ];
  return {
    declaration: { ...declaredApplication(asObject('why' in patched ? whole : patched.value)), file, line },
    problems: messages.map((message): PlanProblem => ({ file, line, message })),
  };
}

const asObject = (value: Json): JsonObject => (isObject(value) ? value : {});

const unknownMessage = (name: string, what: string): string =>
  `The ApplicationSet ${name} generates this application for ${what}, which is not known here: the templates about it stand as they are written.`;

const leftMessage = (name: string, left: readonly string[]): string =>
  `The ApplicationSet ${name} holds templates that are not resolved here (${left.slice(0, 3).join(', ')}${left.length > 3 ? ' …' : ''}): what they come to is not known.`;

/** A generator may have a template of its own, whose fields count before those of the set. */
function templateFor(generator: JsonObject, template: JsonObject): JsonObject {
  const own = Object.values(generator).map((value) => at(value, 'template'))[0];
  return isObject(own) ? over(template, own) : template;
}

function over(template: JsonObject, own: JsonObject): JsonObject {
  const result: JsonObject = { ...template };
  for (const [key, value] of Object.entries(own)) {
    const below = result[key];
    result[key] = isObject(below) && isObject(value) ? over(below, value) : value;
  }
  return result;
}

/** Source: applicationset/utils/utils.go `RenderTemplateParams`. */
function withFinalizer(value: Json, spec: JsonObject): JsonObject {
  const object = isObject(value) ? value : {};
  const metadata = objectAt(object, 'metadata');
  const given = listOfTexts(metadata['finalizers']);
  if (given || flagAt(spec, 'syncPolicy', 'preserveResourcesOnDeletion')) return object;
  return { ...object, metadata: { ...metadata, finalizers: ['resources-finalizer.argocd.argoproj.io'] } };
}

const listOfTexts = (value: Json | undefined): boolean => Array.isArray(value) && value.length > 0;

/**
 * The repository of an ApplicationSet, taken to be the workspace: from its root, a folder above the set's own file, or a
 * folder of which the root is a part, wherever its patterns first match something.
 */
class RepositoryFiles implements GeneratorFiles {
  readonly #tree: Tree;
  readonly #roots: readonly string[];

  constructor(file: string, tree: Tree) {
    this.#tree = tree;
    this.#roots = ['.', ...ancestorsOf(folderOf(file)).filter((folder) => folder !== '.')];
  }

  folders(patterns: readonly string[]): readonly string[] {
    const all = [...this.#tree.folders.keys()].filter((folder) => folder !== '.');
    return this.#seen(all, patterns, matchesFolder).map(({ path }) => path);
  }

  files(pattern: string): readonly string[] {
    return this.#seen([...this.#tree.byPath.keys()], [pattern], matchesFile).map(({ path }) => path);
  }

  valueIn(file: string): Json | undefined {
    const [found] = this.#seen([...this.#tree.byPath.keys()], [file], (pattern, path) => pattern === path);
    return found && this.#tree.valueIn?.(found.own);
  }

  /** Paths as the repository sees them, where one of the patterns matches any. */
  #seen(
    paths: readonly string[],
    patterns: readonly string[],
    matches: (pattern: string, path: string) => boolean,
  ): readonly { readonly own: string; readonly path: string }[] {
    for (const root of this.#roots) {
      if (!patterns.some((pattern) => this.#tree.folders.has(joinPath(root, fixedFolders(pattern).join('/')))))
        continue;
      const below = paths
        .filter((path) => path !== root && isWithin(path, root))
        .map((own) => ({ own, path: relativeTo(own, root) }));
      const found = below.filter(({ path }) => patterns.some((pattern) => matches(pattern, path)));
      if (found.length > 0) return found;
    }
    for (const above of leadingFolders(patterns)) {
      const found = paths
        .map((own) => ({ own, path: `${above}/${own}` }))
        .filter(({ path }) => patterns.some((pattern) => matches(pattern, path)));
      if (found.length > 0) return found;
    }
    return [];
  }
}

/** The folders of a pattern before its first glob, or before its last name. */
function fixedFolders(pattern: string): string[] {
  const parts = normalizePath(pattern).split('/');
  const glob = parts.findIndex((part) => /[*?[]/.test(part));
  return parts.slice(0, glob < 0 ? parts.length - 1 : glob);
}

/** `a`, `a/b` for the pattern `a/b/*`: folders in which the root of the workspace may lie. */
const leadingFolders = (patterns: readonly string[]): string[] =>
  patterns.flatMap((pattern) => fixedFolders(pattern).map((_, i, folders) => folders.slice(0, i + 1).join('/')));
