import { GO_CHECKS, LUA_CHECKS } from '../../../server/src/core/health/kinds.ts';
import { isHealthGuessed, PORTED_GROUPS, PORTED_KINDS } from '../../../server/src/core/health/lua-checks.ts';

const HEAD = `# Health

Made by \`npm run docs\`. A sync waits for a resource until it is healthy, where Argo CD knows how to tell: its own checks
for Kubernetes' kinds, and scripts in Lua for others. A kind without a check counts as done as soon as it exists. Checks
that a cluster's administrator has added to Argo CD are not known here.
`;

type Rows = readonly (readonly [group: string, kinds: readonly string[]])[];

const table = (rows: Rows): string =>
  [
    '| group | kinds |',
    '| --- | --- |',
    ...rows.map(([group, kinds]) => `| ${group === '' ? '(core)' : `\`${group}\``} | ${kinds.join(', ')} |`),
  ].join('\n');

const split = (rows: Readonly<Record<string, string>>): Rows =>
  Object.entries(rows).map(([group, kinds]) => [group, kinds.split(', ')]);

/** `.crossplane.io`, the end of a group, as the table of all checks writes it. */
const isPortedGroup = (group: string): boolean =>
  PORTED_GROUPS.includes(group.startsWith('*') ? group.slice(1) : group);

/** The text of HEALTH.md: for which kinds Argo CD has a check, and which of them stand here word for word. */
export function healthPage(): string {
  const ported = new Set(PORTED_KINDS);
  const lua = split(LUA_CHECKS);
  const exact: Rows = lua.flatMap(([group, kinds]) => {
    const own = isPortedGroup(group)
      ? ['every kind']
      : kinds.filter((kind) => ported.has(`${group}/${kind}`) || (kind !== '*' && !isHealthGuessed({ group, kind })));
    return own.length > 0 ? [[group, own] as const] : [];
  });
  const guessed: Rows = lua.flatMap(([group, kinds]) => {
    const rest = isPortedGroup(group)
      ? []
      : kinds.flatMap((kind) => (kind === '*' ? ['every kind'] : isHealthGuessed({ group, kind }) ? [kind] : []));
    return rest.length > 0 ? [[group, rest] as const] : [];
  });
  const sections = [
    HEAD.trimEnd(),
    '## Kubernetes’ own kinds, as Argo CD judges them',
    table(split(GO_CHECKS)),
    '## Scripts of Argo CD that stand here word for word: status and message',
    table(exact),
    '## Scripts of Argo CD that are approximated',
    'Such an object is Progressing until it has a status and its condition Ready is not False; it is never Degraded. The confirmation of a sync says so where an application has one.',
    table(guessed),
  ];
  return `${sections.join('\n\n')}\n`;
}
