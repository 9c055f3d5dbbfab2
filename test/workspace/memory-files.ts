import type { Files } from '../../server/src/workspace/files.ts';
import { comparePaths, isWithin } from '../../server/src/workspace/paths.ts';

/** Files that live in a map; `reads` counts what was asked for. */
export class MemoryFiles implements Files {
  readonly texts: Map<string, string>;
  reads = 0;

  constructor(texts: Readonly<Record<string, string>>) {
    this.texts = new Map(Object.entries(texts));
  }

  read(path: string): Promise<string | undefined> {
    this.reads++;
    return Promise.resolve(this.texts.get(path));
  }

  list(folder: string): Promise<readonly string[]> {
    const paths = [...this.texts.keys()].filter((path) => isWithin(path, folder) && /\.(?:ya?ml|json)$/.test(path));
    return Promise.resolve(paths.sort(comparePaths));
  }
}

/** A manifest of a kind and name, with annotations. */
export function manifest(kind: string, name: string, annotations: Readonly<Record<string, string>> = {}): string {
  const group = kind === 'Job' ? 'batch/v1' : kind === 'Deployment' ? 'apps/v1' : 'v1';
  const lines = Object.entries(annotations).map(([key, value]) => `    ${key}: "${value}"\n`);
  const block = lines.length === 0 ? '' : `  annotations:\n${lines.join('')}`;
  return `apiVersion: ${group}\nkind: ${kind}\nmetadata:\n  name: ${name}\n${block}`;
}

/** An Argo CD Application with a source below `spec`, as YAML lines with their indentation. */
export const application = (name: string, source: string, more = ''): string =>
  `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: ${name}
spec:
  destination:
    namespace: ${name}-ns
${source.replace(/^(?=.)/gm, '  ')}${more.replace(/^(?=.)/gm, '  ')}`;
