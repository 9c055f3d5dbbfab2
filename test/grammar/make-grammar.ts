import {
  annotationFor,
  HELM_ONLY_HOOKS,
  PHASE_NAMES,
  POLICY_NAMES,
  SYNC_OPTION_LIST,
} from '#core/annotations/catalogue';
import {
  HELM_HOOK,
  HELM_HOOK_DELETE_POLICY,
  HELM_HOOK_WEIGHT,
  HOOK,
  HOOK_DELETE_POLICY,
  SYNC_OPTIONS,
  SYNC_WAVE,
} from '#core/annotations/keys';

/** A rule of a TextMate grammar, as far as ours uses them. */
export interface GrammarRule {
  readonly comment?: string;
  readonly name?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly include?: string;
  readonly beginCaptures?: Readonly<Record<string, { readonly name: string }>>;
  readonly patterns?: readonly GrammarRule[];
}

/** Annotations whose values are colored alike. Without values they hold integers. */
interface Group {
  readonly name: string;
  readonly keys: readonly string[];
  readonly values?: readonly string[];
  readonly options?: boolean;
}

const namesOf = (key: string): string[] => annotationFor(key, false)?.values.map((value) => value.name) ?? [];

const GROUPS: readonly Group[] = [
  { name: 'phases', keys: [HOOK], values: PHASE_NAMES },
  { name: 'helm-hooks', keys: [HELM_HOOK], values: [...namesOf(HELM_HOOK), ...HELM_ONLY_HOOKS] },
  { name: 'policies', keys: [HOOK_DELETE_POLICY], values: POLICY_NAMES },
  { name: 'helm-policies', keys: [HELM_HOOK_DELETE_POLICY], values: namesOf(HELM_HOOK_DELETE_POLICY) },
  { name: 'sync-options', keys: [SYNC_OPTIONS], values: SYNC_OPTION_LIST.map(({ name }) => name), options: true },
  { name: 'waves', keys: [SYNC_WAVE, HELM_HOOK_WEIGHT] },
];

const escaped = (text: string): string => text.replaceAll('.', '\\.');
const oneOf = (words: readonly string[]): string =>
  `(?:${[...words]
    .sort((a, b) => b.length - a.length)
    .map(escaped)
    .join('|')})`;

/** What may stand behind an item: a comma, a quote, the end of a flow map, of the line, or a comment. */
const ITEM_END = `(?=\\s*(?:[,"'}]|$)|\\s+#)`;
/** Where the line holds a template nothing is colored by us: what the value comes to is not known. */
const NO_TEMPLATE = '(?!.*(?:\\{\\{|\\$\\{|\\$\\())';
/** Quoted on one line, or plain and no other kind of node: block scalars and the like are the host grammar's. */
const BLOCK_VALUE = `(?:"[^"\\\\]*"|'[^']*'|[^"'|>&*!%@\`{}\\[\\]\\s#][^#]*?)?`;
const FLOW_VALUE = `(?:"[^"\\\\]*"|'[^']*'|[^"'|>&*!%@\`{}\\[\\],\\s#][^{}\\[\\],#]*)`;

const CAPTURES = {
  '1': { name: 'punctuation.definition.string.yaml' },
  '2': { name: 'entity.name.tag.yaml meta.annotation-key.argocd-hooks' },
  '3': { name: 'punctuation.definition.string.yaml' },
  '4': { name: 'punctuation.separator.key-value.mapping.yaml' },
} as const;

const UNKNOWN = 'invalid.illegal.unknown-value.argocd-hooks';

function itemRules({ name, values, options }: Group): GrammarRule[] {
  if (!values)
    return [
      { match: `(?<![^\\s"'])[+-]?[0-9]+(?=["'}]|\\s*[,}]|\\s*$|\\s+#)`, name: 'constant.numeric.wave.argocd-hooks' },
      { match: `[^\\s"'#,}]+`, name: UNKNOWN },
    ];
  return [
    { match: `(?<![^\\s,"'])${oneOf(values)}${ITEM_END}`, name: `constant.language.${name}.argocd-hooks` },
    // An option with another value of its own, such as a default written out.
    ...(options ? [{ match: `[A-Za-z]+=[A-Za-z]+${ITEM_END}`, name: 'string.unquoted.option.argocd-hooks' }] : []),
    { include: '#comma' },
    { match: `[^\\s,"'#}]+`, name: UNKNOWN },
  ];
}

function groupRules(group: Group): Record<string, GrammarRule> {
  const { name, keys } = group;
  const items = { include: `#${name}-items` };
  const key = keys.length === 1 ? escaped(keys[0] ?? '') : oneOf(keys);
  const shared = {
    beginCaptures: CAPTURES,
    name: `meta.annotation.${name}.argocd-hooks`,
    patterns: [
      { include: '#comment' },
      { begin: '"', end: '"|$', name: 'string.quoted.double.argocd-hooks', patterns: [items] },
      { begin: "'", end: "'|$", name: 'string.quoted.single.argocd-hooks', patterns: [items] },
      items,
    ],
  };
  return {
    [`${name}-items`]: { patterns: itemRules(group) },
    [name]: {
      comment: `${keys.join(', ')} on a line of its own, with a value that ends on it.`,
      // Host grammars take indentation and dashes as tokens of their own, so the line's start cannot be asked for.
      begin: `(?<!\\S)(["']?)(${key})(\\1)\\s*(:)(?=(?:\\s+${BLOCK_VALUE})?\\s*(?:\\s#.*)?$)${NO_TEMPLATE}`,
      end: '$',
      ...shared,
    },
    [`${name}-in-flow`]: {
      comment: 'The same between braces.',
      begin: `(?<=[{,]|[{,] )(["']?)(${key})(\\1)\\s*(:)(?=\\s+${FLOW_VALUE}\\s*[,}])${NO_TEMPLATE}`,
      end: '(?=[,}])|$',
      ...shared,
    },
  };
}

/** The injection grammar that colors annotations within YAML and Helm templates, made from the catalogue. */
export function makeGrammar(): object {
  return {
    name: 'Argo CD hook annotations',
    scopeName: 'argocd-hooks.injection',
    injectTo: ['source.yaml', 'source.helm'],
    injectionSelector: 'L:source.yaml -comment -string -meta.scalar, L:source.helm -comment -string -meta.scalar',
    patterns: GROUPS.flatMap(({ name }) => [{ include: `#${name}` }, { include: `#${name}-in-flow` }]),
    repository: {
      comment: { match: '(?<=\\s)#.*$', name: 'comment.line.number-sign.yaml' },
      comma: { match: ',', name: 'punctuation.separator.sequence.argocd-hooks' },
      ...Object.fromEntries(GROUPS.flatMap((group) => Object.entries(groupRules(group)))),
    },
  };
}
