import { RULES } from '../../../server/src/language/diagnostics/rules.ts';

const LEVELS = {
  off: 'Never.',
  hint: 'As a hint.',
  info: 'As information.',
  warning: 'As a warning.',
  error: 'As an error.',
};

interface Manifest {
  readonly contributes: { readonly configuration: { readonly title: string; properties: Record<string, unknown> }[] };
}

/** The setting of every rule, in the words of the rule. */
function ruleSettings(): Record<string, unknown> {
  const settings = RULES.map((rule): [string, unknown] => [
    `argocdHooks.rules.${rule.id}`,
    {
      type: 'string',
      scope: 'resource',
      enum: ['default', ...Object.keys(LEVELS)],
      markdownEnumDescriptions: [
        rule.levels.length === 1 ? LEVELS[rule.defaultLevel] : `As it deserves: ${rule.levels.join(' or ')}.`,
        ...Object.values(LEVELS),
      ],
      default: 'default',
      markdownDescription: `${rule.title}\n\n${rule.docs.replaceAll('\n', ' ')}`,
    },
  ]);
  return Object.fromEntries(settings);
}

/** The text of package.json with the settings of the rules as they are now. */
export function fillSettings(text: string): string {
  const manifest = JSON.parse(text) as Manifest;
  const section = manifest.contributes.configuration.find(({ title }) => title === 'Diagnostics');
  if (!section) throw new Error('package.json has no section "Diagnostics" in its settings.');
  section.properties = ruleSettings();
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}
