/** The options of a build as arguments; or what is wrong with them, as a clause. */
export type BuildOptions = { readonly arguments: readonly string[] } | { readonly wrong: string };

/** Options that start no program of the user's, reach no network and read nothing else, and the values that they take. */
const ALLOWED: Readonly<Record<string, RegExp | undefined>> = {
  '--enable-helm': undefined,
  '--enable-managedby-label': undefined,
  '--load-restrictor': /^LoadRestrictions(?:None|RootOnly)$/,
  '--load_restrictor': /^(?:none|LoadRestrictions(?:None|RootOnly))$/,
  '--reorder': /^(?:legacy|none)$/,
  '--helm-kube-version': /^v?\d+(?:\.\d+){0,2}$/,
  '--helm-api-versions': /^[\w./-]+(?:,[\w./-]+)*$/,
};

const NAMES = Object.keys(ALLOWED).filter((name) => !name.includes('_'));

/**
 * Reads `kustomize.buildOptions` as Argo CD does, and lets through what is safe on a machine of a developer.
 * Source: argo-cd util/kustomize/kustomize.go `parseKustomizeBuildOptions`.
 */
export function readBuildOptions(written: string): BuildOptions {
  const words = written.split(/\s+/).filter((word) => word !== '');
  const given: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const [name = '', ...rest] = (words[i] ?? '').split('=');
    if (!Object.hasOwn(ALLOWED, name)) return { wrong: `${name} is not allowed here, but ${NAMES.join(', ')} are` };
    const value = ALLOWED[name];
    if (value === undefined) {
      const text = rest.join('=');
      if (rest.length > 0 && text !== 'true' && text !== 'false') return { wrong: `${name} is true or false` };
      if (text !== 'false') given.push(name);
      continue;
    }
    const text = rest.length > 0 ? rest.join('=') : (words[++i] ?? '');
    if (!value.test(text)) return { wrong: `${name} cannot be ${text === '' ? 'without a value' : text}` };
    given.push(name, text);
  }
  return { arguments: given };
}

/** Whether kustomize calls Helm for the charts of a kustomization. */
export const enablesHelm = (options: readonly string[]): boolean => options.includes('--enable-helm');
