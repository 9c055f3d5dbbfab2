import { sourceFiles, unique } from './application-sources.ts';
import type { DeclaredSource } from './declared.ts';
import type { Application } from './model.ts';
import { baseName, normalizePath } from './paths.ts';
import type { Tree } from './tree.ts';

/** One application as the setting `argocdHooks.applications` names it: it counts before all that is found. */
export interface ConfiguredApplication {
  readonly name: string;
  /** Folder within the root. */
  readonly path: string;
  readonly namespace: string;
  readonly recurse: boolean;
  readonly include: string;
  readonly exclude: string;
}

/** An application as somebody sets it: what is left out is as if nothing was said. */
export function configuredApplication(
  set: Pick<ConfiguredApplication, 'path'> & Partial<ConfiguredApplication>,
): ConfiguredApplication {
  const { path, name = '', namespace = '', recurse = false, include = '', exclude = '' } = set;
  return { name: name === '' ? baseName(normalizePath(path)) : name, path, namespace, recurse, include, exclude };
}

/** What the settings name, with what an Application of the same name says about its syncs. */
export function configuredApplications(
  configured: readonly ConfiguredApplication[],
  found: readonly Application[],
  tree: Tree,
): Application[] {
  return configured.map(({ name, path, namespace, recurse, include, exclude }): Application => {
    const folder = normalizePath(path);
    const declared = found.find((application) => application.name === name);
    const plain = recurse || include !== '' || exclude !== '';
    const source: DeclaredSource = {
      ...(plain ? { tool: 'directory' } : {}),
      ...{ path, repoURL: '', targetRevision: '', recurse, include, exclude },
    };
    const there = tree.folders.has(folder);
    const { tool, files, problems, unrendered, inputs } = sourceFiles(source, folder, tree);
    const message = `The setting argocdHooks.applications names the folder ${path} for ${name}, which holds no manifest here.`;
    const sorted = unique(files);
    return {
      name,
      path: folder,
      namespace: namespace || (declared?.namespace ?? ''),
      ...(declared?.declaredIn ? { declaredIn: declared.declaredIn } : {}),
      kind: tool === 'kustomize' || tool === 'helm' ? tool : 'directory',
      reason: `The setting argocdHooks.applications names the folder ${path}.`,
      files: sorted,
      syncOptions: declared?.syncOptions ?? [],
      automated: declared?.automated ?? false,
      sources: [{ tool, folder, files: sorted, inputs: unique(inputs), unrendered, repoURL: '', targetRevision: '' }],
      ...(declared?.policy ? { policy: declared.policy } : {}),
      problems: there ? problems : [{ message }],
    };
  });
}
