import type { PlanChange } from '../core/plan/diff-model.ts';
import type { Patch } from '../core/patch.ts';
import type { ApplicationPlan } from '../core/plan/model.ts';
import type { Refusal, Revision, RevisionChoice } from '../workspace/revisions.ts';

/**
 * Requests and notifications of our own between client and server: names and plain types only (client and server
 * packages carry their own copies of the protocol's classes, so objects are not shared).
 */

/**
 * Client → server. All applications of the workspace, in the order of their paths, or of some of them what is there.
 * Params: ApplicationsParams, or none; the answer: `ApplicationSummary[]`.
 */
export const APPLICATIONS = 'argocdHooks/applications';
/**
 * Client → server. Files and folders that could not be read and lie in no application, so that no plan tells of them.
 * Params: none; the answer: `UnreadPlace[]`.
 */
export const UNREAD = 'argocdHooks/unread';
/**
 * Client → server. Plans of one application. Params: PlanParams; the answer: PlanAnswer, null where the application is
 * not there any more.
 */
export const PLAN = 'argocdHooks/plan';
/** Client → server. The application that a document belongs to. Params: `{ uri }`; null where it belongs to none. */
export const APPLICATION_OF = 'argocdHooks/applicationOf';
/**
 * Client → server. Errors and warnings of the rules in all files of an application, opened or not. Params:
 * FindingsParams; the answer: `FoundProblem[]`.
 */
export const FINDINGS = 'argocdHooks/findings';
/**
 * Client → server. What is different between the application at a Git revision and as it stands, unsaved text included.
 * Params: ComparePlanParams; the answer: ComparePlanResult.
 */
export const COMPARE_PLAN = 'argocdHooks/comparePlan';
/**
 * Client → server. Applications of a folder that a Git revision has and that are not there any more. Params:
 * GoneApplicationsParams; the answer: GoneApplicationsResult.
 */
export const GONE_APPLICATIONS = 'argocdHooks/goneApplications';
/** Client → server. Revisions of a folder to choose from, newest first. Params: RevisionsParams; the answer: RevisionsResult. */
export const REVISIONS = 'argocdHooks/revisions';
/**
 * Client → server. The edits that give manifests of an application another wave. Nothing is edited by the server. Params:
 * MoveToWaveParams; the answer: WaveChangeResult, null where the application is not there any more.
 */
export const MOVE_TO_WAVE = 'argocdHooks/moveToWave';
/** Client → server. The edits that number an application's waves anew. Params: RenumberWavesParams; answered likewise. */
export const RENUMBER_WAVES = 'argocdHooks/renumberWaves';
/**
 * Server → client. These applications' plans are not what they were (an edit, a saved file, a new file). Sent only to a
 * client that has asked for applications or a plan.
 */
export const PLAN_CHANGED = 'argocdHooks/planChanged';

/**
 * Server → client. Files of a workspace folder that the server cannot reach itself. Sent only to a client that offers it
 * in its `initializationOptions` (ClientOptions).
 *
 * Paths of all YAML, JSON and `.gitignore` files of the folder by the editor's search, which leaves out what the setting
 * `files.exclude` names. Params: FindFilesParams; null where the folder's file system has no search.
 */
export const FIND_FILES = 'argocdHooks/files/find';
/** Server → client. What stands in a folder. Params: FileParams; the answer: `TreeEntry[]`, null where there is no such folder. */
export const FILE_ENTRIES = 'argocdHooks/files/entries';
/** Server → client. Text of a file as it was saved. Params: FileParams; the answer: `FileText`, null where there is none. */
export const READ_FILE = 'argocdHooks/files/read';

/**
 * Client → server. Charts and kustomizations that somebody looks at are to be rendered anew although no file changed: a
 * registry can be reached again, a tool was installed. Params: none.
 */
export const RENDER_AGAIN = 'argocdHooks/renderAgain';

/** Client → server. The user trusts the workspace from now on. Params: none. */
export const TRUSTED = 'argocdHooks/trusted';

export interface FindingsParams {
  readonly application: ApplicationRef;
}

/** What a rule has found. */
export interface FoundProblem {
  /** Path within the folder. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

/** What a client of ours says of itself in `initializationOptions`. */
export interface ClientOptions {
  /** It answers FIND_FILES, FILE_ENTRIES and READ_FILE. */
  readonly files?: boolean;
  /**
   * The user trusts the workspace: programs may be run on its files (kustomize, Helm, Git). Without it nothing is
   * rendered and no revision is read, until TRUSTED comes.
   */
  readonly trusted?: boolean;
  /** Another server tells of what is wrong with the YAML itself, such as keys that are written twice. */
  readonly yamlValidation?: boolean;
}

export interface FindFilesParams {
  /** URI of the workspace folder. */
  readonly folder: string;
}

export interface FileParams extends FindFilesParams {
  /** Within the folder, with `/`; `.` for the folder itself. */
  readonly path: string;
}

export type { FileText, FileTree, TreeEntry } from '../workspace/tree-files.ts';

/** Identity of an application: two roots may hold equal names. */
export interface ApplicationRef {
  /** URI of the workspace folder. */
  readonly folder: string;
  /** Path of its source within the folder, with `/`; `.` for the folder itself. */
  readonly path: string;
  readonly name: string;
}

export interface ApplicationSummary extends ApplicationRef {
  /** The charts of registries that it takes, where nothing of it lies in the folder; then `path` is its declaration's. */
  readonly chart?: string;
  readonly resources: number;
  readonly hooks: number;
  /** Manifests that Argo CD does not apply, whether somebody asked for it or not. */
  readonly leftOut: number;
  /** What was not read, what Argo CD leaves out although nobody asked for it, and what can be waited for for ever. */
  readonly problems: number;
  /** Uses hooks or waves. */
  readonly ordered: boolean;
}

export interface UnreadPlace {
  /** URI of the workspace folder. */
  readonly folder: string;
  /** Within the folder, with `/`; `.` for the folder itself. */
  readonly path: string;
  /** Why, for a person. */
  readonly message: string;
}

export interface ApplicationsParams {
  /** Absent: all. */
  readonly only?: readonly ApplicationRef[];
}

export interface PlanParams {
  readonly application: ApplicationRef;
  /** Version of the plan that the client holds. Where it is the last one that was sent, what changed since is enough. */
  readonly since?: number;
}

export interface PlanResult {
  readonly application: ApplicationRef;
  /** Grows with each change of the application; an older plan never replaces a newer one. */
  readonly version: number;
  readonly plan: ApplicationPlan;
}

/** What became of the plan that the client holds, whose version is `since`: most of a large plan stays as it was. */
export interface PlanUpdate {
  readonly application: ApplicationRef;
  readonly version: number;
  readonly since: number;
  /** Makes the new plan of the old one, as `patched` does; null where they are equal. */
  readonly patch: Patch | null;
}

export type PlanAnswer = PlanResult | PlanUpdate;

export interface ComparePlanParams {
  readonly application: ApplicationRef;
  /** A branch, a tag, a commit, `HEAD~2`. */
  readonly revision: string;
}

/** `problem`: why there is nothing to compare with, for a person. */
export type ComparePlanResult = ComparedPlans | Refusal;

export interface ComparedPlans {
  readonly revision: Revision;
  /** In plan order; empty where nothing is different. */
  readonly diff: readonly PlanChange[];
  /** The plan of the revision; null where the application was not there yet. */
  readonly plan: ApplicationPlan | null;
  /** Version of the plan that it was compared with, as in PlanResult. */
  readonly version: number;
}

export interface GoneApplicationsParams {
  /** URI of the workspace folder. */
  readonly folder: string;
  /** A branch, a tag, a commit, `HEAD~2`. */
  readonly revision: string;
}

/** `problem`: why there is nothing to compare with, for a person. */
export type GoneApplicationsResult = GoneApplications | Refusal;

export interface GoneApplications {
  readonly revision: Revision;
  /** In the order of their paths. */
  readonly gone: readonly GoneApplication[];
}

export interface GoneApplication {
  /** As it was. */
  readonly application: ApplicationRef;
  readonly plan: ApplicationPlan;
  /** All that is removed with it, in plan order. */
  readonly diff: readonly PlanChange[];
}

export interface RevisionsParams {
  /** URI of the workspace folder. */
  readonly folder: string;
}

export type RevisionsResult = { readonly revisions: readonly RevisionChoice[] } | Refusal;

export type { PlanChange, PlanChangeDetail, PlanChangeKind, PlanPoint } from '../core/plan/diff-model.ts';
export type { Refusal, Revision, RevisionChoice } from '../workspace/revisions.ts';

export interface PlanChangedParams {
  readonly applications: readonly ApplicationRef[];
  /** Applications came or went, or all stand in another order: ask for all of them. */
  readonly list?: boolean;
}

/** Where a manifest stands: path within the workspace folder, 1-based line. */
export interface ManifestPlace {
  readonly file: string;
  readonly line: number;
}

export interface MoveToWaveParams {
  readonly application: ApplicationRef;
  readonly places: readonly ManifestPlace[];
  readonly wave: number;
}

export interface RenumberWavesParams {
  readonly application: ApplicationRef;
  /** How far apart neighboring waves are. */
  readonly gap: number;
  /** Waves below 0 stay below it, and wave 0 stays wave 0. Else the first wave becomes 0. */
  readonly keepNegative: boolean;
}

/** Positions are 0-based, in UTF-16 units. */
export interface PlainTextEdit {
  readonly range: {
    readonly start: { readonly line: number; readonly character: number };
    readonly end: { readonly line: number; readonly character: number };
  };
  readonly newText: string;
}

/** The edits of one file, which do not overlap. */
export interface FileEdits {
  readonly uri: string;
  /** Version of the open document that they were made for; null where no editor holds the file. */
  readonly version: number | null;
  readonly edits: readonly PlainTextEdit[];
}

/** A manifest that stays where it is. */
export interface RefusedMove extends ManifestPlace {
  /** `Job db-migration`. */
  readonly name: string;
  /** Why, for a person. */
  readonly reason: string;
}

export interface WaveChangeResult {
  readonly files: readonly FileEdits[];
  readonly refused: readonly RefusedMove[];
  /** What else has to be known, in sentences. */
  readonly notes: readonly string[];
  /** What becomes of the plan when the edits are made. */
  readonly diff: readonly PlanChange[];
}
