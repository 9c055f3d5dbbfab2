import type { Edit } from '../../manifest/edit.ts';
import type { AnnotationEntry, Manifest, Span, YamlDocument } from '../../manifest/model.ts';

export type Level = 'error' | 'warning' | 'info' | 'hint';

/** Level of a rule as the user sets it: `argocdHooks.rules.<id>`. Absent: the rule decides for each finding. */
export type LevelSetting = Level | 'off';

/** A way to repair a finding. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly Edit[];
  /** The one that is nearly always meant. */
  readonly preferred: boolean;
  /** Beyond doubt: also applied, without asking, where everything in a file is fixed at once. */
  readonly safe: boolean;
}

/** What a rule found in one document. Spans count from the document's start, so that the document can move. */
export interface Finding {
  readonly rule: string;
  readonly level: Level;
  readonly span: Span;
  readonly message: string;
  /** Worked out when somebody asks for it. */
  readonly fixes: () => readonly Fix[];
}

/** What a rule may know beside the manifest. */
export interface RuleContext {
  readonly document: YamlDocument;
  readonly argocdVersion: string;
  /** A kustomization lists the file: what it says may be changed before Argo CD sees it. */
  readonly listedByKustomization: boolean;
}

/** What a rule says: the engine adds the rule's id. */
export type Report = Omit<Finding, 'rule' | 'fixes'> & { readonly fixes?: () => readonly Fix[] };

/** One rule: everything about it that is shown anywhere, and the check of one manifest. */
export interface Rule {
  readonly id: string;
  /** The level of most of its findings; `levels` names the others that it may give. */
  readonly defaultLevel: Level;
  readonly levels: readonly Level[];
  /** One sentence: when it fires. */
  readonly title: string;
  /** Why it matters and what to do, in Markdown. */
  readonly docs: string;
  readonly check: (manifest: Manifest, context: RuleContext) => readonly Report[];
}

/** The entry of an annotation that holds: the last one wins, as it does for Argo CD, also of those that `<<` brings. */
export const entryOf = (manifest: Manifest, key: string): AnnotationEntry | undefined =>
  manifest.annotations.findLast((entry) => entry.key === key);

/** Whether an entry means anything: one that a merge key brings may be overwritten. */
export const counts = (manifest: Manifest, entry: AnnotationEntry): boolean =>
  entry.merged !== true || entryOf(manifest, entry.key) === entry;

/** An entry that a rule may judge: a text, without templates. */
export function judged(manifest: Manifest, key: string): (AnnotationEntry & { readonly value: string }) | undefined {
  const entry = entryOf(manifest, key);
  return entry !== undefined && !entry.templated && typeof entry.value === 'string'
    ? { ...entry, value: entry.value }
    : undefined;
}
