import { ANNOTATIONS, type Annotation } from '../../../server/src/core/annotations/catalogue.ts';
import fs from 'node:fs';
import { RULES } from '../../../server/src/language/diagnostics/rules.ts';
import { inRoot } from './paths.ts';

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

const rules = (): string =>
  table(
    ['rule', 'level', 'fires when'],
    RULES.map(({ id, defaultLevel, levels, title }) => [
      `[\`${id}\`](RULES.md#${id})`,
      [defaultLevel, ...levels.filter((level) => level !== defaultLevel)].join(', '),
      cell(title),
    ]),
  );

const PLACES = { hook: 'hooks', resource: 'every manifest', application: 'the Application' } as const;

const row = ({ key, values, kind, default: absent, summary, places, since }: Annotation): readonly string[] => [
  `\`${key}\``,
  places.map((place) => PLACES[place]).join(', '),
  values.length > 0 ? values.map(({ name }) => `\`${name}\``).join(' ') : kind,
  cell(absent),
  cell(summary),
  since,
];

const annotations = (): string =>
  table(['annotation', 'on', 'values', 'when absent', 'what it is for', 'since'], ANNOTATIONS.map(row));

interface Setting {
  readonly default?: unknown;
  readonly markdownDescription?: string;
  readonly description?: string;
}

interface Manifest {
  readonly contributes: {
    readonly configuration: readonly {
      readonly title: string;
      readonly properties: Readonly<Record<string, Setting>>;
    }[];
  };
}

/** Every setting but the levels of rules, whose table is another one. */
function settings(): string {
  const manifest = JSON.parse(fs.readFileSync(inRoot('package.json'), 'utf8')) as Manifest;
  const all = manifest.contributes.configuration.flatMap(({ properties }) => Object.entries(properties));
  return table(
    ['setting', 'default', 'what it does'],
    all
      .filter(([name]) => !name.startsWith('argocdHooks.rules.'))
      .map(([name, setting]) => [
        `\`${name}\``,
        `\`${JSON.stringify(setting.default ?? null)}\``,
        cell(setting.markdownDescription ?? setting.description ?? ''),
      ]),
  );
}

const SECTIONS = { rules, annotations, settings } as const;

/** The README with its tables made from the catalogue. Throws where a section's marks are missing. */
export function fillReadme(text: string): string {
  return Object.entries(SECTIONS).reduce((readme, [name, make]) => {
    const section = new RegExp(`(<!-- ${name}:[^>]*-->\\n)[\\s\\S]*?(<!-- /${name} -->)`);
    if (!section.test(readme)) throw new Error(`README.md lacks the marks of its section "${name}".`);
    return readme.replace(section, (_, begin: string, end: string) => `${begin}\n${make()}\n\n${end}`);
  }, text);
}
