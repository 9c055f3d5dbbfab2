import { createHash } from 'node:crypto';
import type { Json, JsonObject } from '#core/object';
import type { PlanProblem } from '#service';
import type { LintFinding, LintRepair, RuleInfo } from '#service/lint';

/** What a report is made of. */
export interface SarifInput {
  readonly version: string;
  readonly rules: readonly RuleInfo[];
  readonly findings: readonly LintFinding[];
  /** The ways to repair a finding. */
  readonly repairsOf: (finding: LintFinding) => readonly LintRepair[];
  /** Files that could not be read. */
  readonly problems: readonly PlanProblem[];
  /** Sources that could not be rendered. */
  readonly unrendered: readonly PlanProblem[];
  /** Path of a file from the root of the repository; undefined where it has none. */
  readonly uriOf: (file: string) => string | undefined;
}

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';
const HOME = 'https://github.com/argocd-hooks/argocd-hooks';

const LEVELS = { error: 'error', warning: 'warning', info: 'note', hint: 'note' } as const;
const SEVERITIES = { error: 'error', warning: 'warning', info: 'recommendation', hint: 'recommendation' } as const;

/** Findings as SARIF 2.1.0, as code scanning takes it: places relative to the root of the repository. */
export function sarifLog(input: SarifInput): Json {
  const { version, rules, findings, problems, unrendered } = input;
  const indexes = new Map(rules.map(({ id }, index) => [id, index]));
  const seen = new Map<string, number>();
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'argocd-hooks',
            informationUri: HOME,
            version,
            semanticVersion: version,
            rules: rules.map(ruleObject),
          },
        },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The root of the repository.' } } },
        invocations: [
          {
            executionSuccessful: problems.length === 0,
            toolExecutionNotifications: [
              ...problems.map((problem) => notification('error', problem, input)),
              ...unrendered.map((problem) => notification('warning', problem, input)),
            ],
          },
        ],
        results: findings.map((finding) => resultObject(finding, input, indexes.get(finding.rule) ?? -1, seen)),
      },
    ],
  };
}

const notification = (level: string, { file, line, message }: PlanProblem, input: SarifInput): JsonObject => ({
  level,
  message: { text: message },
  ...(file === undefined
    ? {}
    : {
        locations: [
          {
            physicalLocation: {
              ...placeOf(file, input),
              ...(line === undefined ? {} : { region: { startLine: line } }),
            },
          },
        ],
      }),
});

function ruleObject({ id, level, title, docs, link, examples }: RuleInfo): JsonObject {
  const shown = (name: string, yaml: string): string => `${name}:\n\n\`\`\`yaml\n${yaml.trimEnd()}\n\`\`\``;
  return {
    id,
    name: id.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: title },
    fullDescription: { text: docs.replace(/`/g, '') },
    help: {
      text: `${docs.replace(/`/g, '')}\n\n${link}`,
      markdown: [docs, shown('Bad', examples.bad), shown('Good', examples.good), `[Documentation](${link})`].join(
        '\n\n',
      ),
    },
    helpUri: link,
    defaultConfiguration: { level: LEVELS[level] },
    properties: { tags: ['argocd', 'kubernetes'], precision: 'very-high', 'problem.severity': SEVERITIES[level] },
  };
}

function resultObject(
  finding: LintFinding,
  input: SarifInput,
  ruleIndex: number,
  seen: Map<string, number>,
): JsonObject {
  const { file, rule, severity, message, related } = finding;
  // Equal findings of a file are told apart by their number, whatever lines come and go above them.
  const identity = [rule, input.uriOf(file) ?? file, message].join('\0');
  const nth = seen.get(identity) ?? 0;
  seen.set(identity, nth + 1);
  const fingerprint = createHash('sha256').update(`${identity}\0${nth}`).digest('hex').slice(0, 32);
  const fixes = input.repairsOf(finding).filter(({ edits }) => edits.length > 0);
  return {
    ruleId: rule,
    ...(ruleIndex < 0 ? {} : { ruleIndex }),
    level: LEVELS[severity],
    message: { text: message },
    locations: [{ physicalLocation: { ...placeOf(file, input), region: regionOf(finding) } }],
    ...(related.length === 0
      ? {}
      : {
          relatedLocations: related.map((place, id) => ({
            id,
            physicalLocation: {
              ...placeOf(place.file, input),
              region: { startLine: place.line, startColumn: place.column },
            },
            message: { text: place.message },
          })),
        }),
    partialFingerprints: { 'argocdHooks/v1': fingerprint },
    ...(fixes.length === 0 ? {} : { fixes: fixes.map((repair) => fixObject(repair, file, input)) }),
  };
}

const fixObject = ({ title, edits }: LintRepair, file: string, input: SarifInput): JsonObject => ({
  description: { text: title },
  artifactChanges: [
    {
      ...placeOf(file, input),
      replacements: edits.map((edit) => ({ deletedRegion: regionOf(edit), insertedContent: { text: edit.newText } })),
    },
  ],
});

const regionOf = ({
  line,
  column,
  endLine,
  endColumn,
}: Pick<LintFinding, 'line' | 'column' | 'endLine' | 'endColumn'>): JsonObject => ({
  ...{ startLine: line, startColumn: column, endLine, endColumn },
});

/** What lies in no repository, as the standard input, has no base. */
function placeOf(file: string, { uriOf }: SarifInput): JsonObject {
  const uri = uriOf(file);
  return {
    artifactLocation: uri === undefined ? { uri: encoded(file) } : { uri: encoded(uri), uriBaseId: '%SRCROOT%' },
  };
}

const encoded = (path: string): string => path.split('/').map(encodeURIComponent).join('/');
