import type { PlanPlace } from '../../core/plan/query.ts';
import type { ApplicationPlan } from '../../core/plan/model.ts';
import type { KubeObject } from '../../core/object.ts';
import type { Edit } from '../../manifest/edit.ts';
import type { AnnotationEntry, Manifest, PartKind, PlacedDocument, Span, YamlDocument } from '../../manifest/model.ts';
import type { Application } from '../../workspace/model.ts';
import type { ManifestFacts } from './facts.ts';
import type { RenderedFrom } from './rendered-from.ts';
import type { Subject } from './subjects.ts';

export type Level = 'error' | 'warning' | 'info' | 'hint';

/** Level of a rule as the user sets it: `argocdHooks.rules.<id>`. Absent: the rule decides for each finding. */
export type LevelSetting = Level | 'off';

/** Levels as the user sets them, by the id of the rule. Ids that no rule has mean nothing. */
export type Levels = Readonly<Record<string, LevelSetting>>;

/** A way to repair a finding, within its own document. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly Edit[];
  /** The one that is nearly always meant. */
  readonly preferred: boolean;
  /** Beyond doubt: also applied, without asking, where everything in a file is fixed at once. */
  readonly safe: boolean;
}

/** Another place that a finding speaks of. */
export interface Related {
  readonly message: string;
  readonly span: Span;
  /** Where the span is; absent: in the finding's own document. */
  readonly place?: { readonly file: string; readonly placed: PlacedDocument };
}

/** What a rule found in one document. Spans count from the document's start, so that the document can move. */
export interface Finding {
  readonly rule: string;
  readonly level: Level;
  readonly span: Span;
  readonly message: string;
  readonly related?: readonly Related[];
  /** Worked out when somebody asks for it. */
  readonly fixes: () => readonly Fix[];
}

/** What a rule may know beside the manifest, from its document alone. */
export interface RuleContext {
  readonly document: YamlDocument;
  readonly facts: ManifestFacts;
  readonly argocdVersion: string;
  /** A kustomization lists the file: what it says may be changed before Argo CD sees it. */
  readonly listedByKustomization: boolean;
  /** The annotations stand apart from their object: what is not among them may stand there all the same. */
  readonly part?: PartKind;
}

/** What a rule says: the engine adds the rule's id. */
export type Report = Omit<Finding, 'rule' | 'fixes'> & { readonly fixes?: () => readonly Fix[] };

/** Where in a manifest's document something is; undefined where it is not written there. */
export type Where = (manifest: Manifest, document: YamlDocument) => Span | undefined;

/** One manifest of an application: its object as the plan has it, and, for reports, where it is written. */
export interface ApplicationManifest {
  readonly object: KubeObject;
  readonly facts: ManifestFacts;
  /** Path within the workspace folder, and 1-based line; absent for an object that no file holds. */
  readonly file?: string;
  readonly line?: number;
  /** The manifest as it is written; parses its document for the places. Undefined where no file holds it like this. */
  readonly written: () => WrittenManifest | undefined;
  /** Its source was rendered: what stands in the file is another text, and what it was rendered from. */
  readonly rendered?: RenderedFrom;
}

export interface WrittenManifest {
  readonly file: string;
  /** Index of the document within the file. */
  readonly index: number;
  readonly placed: PlacedDocument;
  readonly manifest: Manifest;
}

/** What a rule may know of a whole application. */
export interface ApplicationContext {
  readonly application: Application;
  readonly plan: ApplicationPlan;
  /** In the order of files and documents. */
  readonly manifests: readonly ApplicationManifest[];
  /** The manifests are everything that Argo CD would apply, as it would apply it. */
  readonly complete: boolean;
  /** The Argo CD Application itself; absent where a folder is taken for an application. */
  readonly declaration?: ApplicationManifest;
  readonly argocdVersion: string;
  /** Where the plan puts a manifest: in the sync, then SyncFail, then the deletion. */
  readonly placesOf: (manifest: ApplicationManifest) => readonly PlanPlace[];
}

/** A place in one manifest of the application. Without `where`: its name, or where it begins. */
export interface Spot {
  readonly on: ApplicationManifest;
  readonly where?: Where;
}

/** What a rule says of an application, at a place in one of its manifests. */
export interface ApplicationReport extends Spot {
  readonly level: Level;
  readonly message: string;
  readonly related?: readonly (Spot & { readonly message: string })[];
  readonly fixes?: (manifest: Manifest, document: YamlDocument) => readonly Fix[];
}

/** A manifest that a rule fires on, and what it should have been. */
export interface Examples {
  readonly bad: string;
  readonly good: string;
  /** Path of their file; `manifest.yaml` where it is absent. */
  readonly file?: string;
  /** Files of the workspace beside it, by path; for rules that look at the application. */
  readonly files?: Readonly<Record<string, string>>;
  /** Version of Argo CD that they are shown for; the newest where it is absent. */
  readonly argocdVersion?: string;
}

/**
 * One rule: everything about it that is shown anywhere, and its checks. `check` looks at one manifest of one document,
 * as it is typed. `checkApplication` looks at an application when the typist pauses.
 */
export interface Rule {
  readonly id: string;
  /** The level of most of its findings; `levels` names the others that it may give. */
  readonly defaultLevel: Level;
  readonly levels: readonly Level[];
  /** One sentence: when it fires. */
  readonly title: string;
  /** Why it matters and what to do, in Markdown. */
  readonly docs: string;
  /** The page of Argo CD's documentation about its subject; absent: the one about hooks and waves. */
  readonly link?: string;
  readonly examples: Examples;
  /** What `check` is about; absent: every manifest with an annotation. */
  readonly about?: readonly Subject[];
  readonly check?: (manifest: Manifest, context: RuleContext) => readonly Report[];
  /** `check` is right too of annotations that stand apart from their object: in a patch, or in values of a chart. */
  readonly parts?: boolean;
  readonly checkApplication?: (context: ApplicationContext) => readonly ApplicationReport[];
  /** `checkApplication` is right too where a part of the application cannot be read. */
  readonly partial?: boolean;
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
