import { RULES } from '../../../server/src/language/diagnostics/rules.ts';

const HEAD = `# The rules

Made by \`npm run docs\` from the rules themselves; each one's examples are its tests. The level of a rule is the setting
\`argocdHooks.rules.<rule>\`. \`# argocd-hooks: ignore <rule>\` on the line above silences one finding, at the top of a YAML
document all of them in it. Values with a template in them are never judged.
`;

const LANGUAGES: Readonly<Record<string, string>> = { json: 'json' };

const fenced = (text: string, file = 'manifest.yaml'): string =>
  `\`\`\`${LANGUAGES[file.split('.').at(-1) ?? ''] ?? 'yaml'}\n${text.trimEnd()}\n\`\`\``;

/** Of rules that judge annotations apart from their object. */
const APART =
  'Also told of annotations in patches and in what kustomizations add, in values of charts, and in templates of ApplicationSets.';

/** The text of RULES.md: what each rule says, why, and its examples. */
export function rulesPage(): string {
  const sections = RULES.map(
    ({ id, levels, title, docs, parts = false, examples: { bad, good, file, files = {} } }) => {
      const beside = Object.entries(files).map(([path, text]) => `Beside it, \`${path}\`:\n\n${fenced(text, path)}`);
      return [
        `## ${id}`,
        `${title} (${levels.join(', ')})`,
        docs,
        ...(parts ? [APART] : []),
        `Bad:`,
        fenced(bad, file),
        `Good:`,
        fenced(good, file),
        ...beside,
      ].join('\n\n');
    },
  );
  return `${[HEAD.trimEnd(), ...sections].join('\n\n')}\n`;
}
