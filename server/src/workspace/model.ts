import type { IgnoreRule } from '../core/ignore/rules.ts';
import type { ApplicationPlan, PlanProblem } from '../core/plan/model.ts';
import type { JsonObject, KubeObject } from '../core/object.ts';

/** What makes manifests of a source's files; `none`: the source only lends files to others (a `ref`). */
export type SourceTool = 'directory' | 'kustomize' | 'helm' | 'plugin' | 'none';

/** A values file of a chart, as declared and where it is. */
export interface ValueFile {
  readonly declared: string;
  /** Path within the root (`..` where it lies above); undefined where it lies elsewhere, or is an address. */
  readonly path?: string;
}

/** `spec.source.helm`, as declared. */
export interface HelmParameters {
  readonly valueFiles: readonly ValueFile[];
  readonly ignoreMissingValueFiles: boolean;
  /** YAML text; `valuesObject` counts instead where both are given. */
  readonly values?: string;
  readonly valuesObject?: JsonObject;
  readonly parameters: readonly { readonly name: string; readonly value: string; readonly forceString: boolean }[];
  /** `path` within the root, as for a values file. */
  readonly fileParameters: readonly { readonly name: string; readonly file: ValueFile }[];
  /** Empty: the name of the Application. */
  readonly releaseName: string;
  /** Empty: the destination namespace. */
  readonly namespace: string;
  readonly skipCrds: boolean;
  readonly skipTests: boolean;
  readonly skipSchemaValidation: boolean;
  readonly kubeVersion: string;
  readonly apiVersions: readonly string[];
}

/** `spec.source.kustomize`, as declared. Nothing of it: the kustomization is built as it stands. */
export interface KustomizeParameters {
  readonly namePrefix: string;
  readonly nameSuffix: string;
  readonly namespace: string;
  readonly images: readonly string[];
  readonly replicas: readonly { readonly name: string; readonly count: number | string }[];
  readonly commonLabels: Readonly<Record<string, string>>;
  readonly commonAnnotations: Readonly<Record<string, string>>;
  readonly forceCommonLabels: boolean;
  readonly forceCommonAnnotations: boolean;
  readonly commonAnnotationsEnvsubst: boolean;
  readonly labelWithoutSelector: boolean;
  readonly labelIncludeTemplates: boolean;
  /** As kustomize's own `patches`. */
  readonly patches: readonly JsonObject[];
  readonly components: readonly string[];
  readonly ignoreMissingComponents: boolean;
  readonly kubeVersion: string;
  readonly apiVersions: readonly string[];
}

/** One source of an application. */
export interface ApplicationSource {
  readonly tool: SourceTool;
  /** Folder within the root; undefined where the source lies elsewhere: its manifests are missing. */
  readonly folder?: string;
  /** Root of the source's repository as seen from the workspace's root (`..` where it lies above); where it is known. */
  readonly repository?: string;
  /** Files of the source whose manifests are read (of a chart or a kustomization: what it is made from), sorted. */
  readonly files: readonly string[];
  /** Files beside those that decide what it is rendered to; values files are named by `helm` alone. */
  readonly inputs: readonly string[];
  /** Those problems of the application that are none where the source was rendered. */
  readonly unrendered: readonly PlanProblem[];
  /** As declared; empty where no Application declares the source. */
  readonly repoURL: string;
  readonly targetRevision: string;
  readonly path?: string;
  /** A chart of a registry. */
  readonly chart?: string;
  /** Other sources name this one's files by it: `$ref/…`. */
  readonly ref?: string;
  readonly helm?: HelmParameters;
  readonly kustomize?: KustomizeParameters;
}

/** `spec.syncPolicy.retry`: a failed operation is tried again. Durations as written; empty where nothing says. */
export interface RetryPolicy {
  /** Negative: without end. */
  readonly limit: number;
  readonly duration: string;
  readonly factor: number | undefined;
  readonly maxDuration: string;
}

/** What an Application says about its syncs beside the sync options. */
export interface ApplicationPolicy {
  /** Namespace of the Application itself; empty where nothing says. */
  readonly namespace: string;
  readonly finalizers: readonly string[];
  /** Absent: nothing is synced by itself. */
  readonly automated?: { readonly prune: boolean; readonly selfHeal: boolean; readonly allowEmpty: boolean };
  /** Absent: Argo CD's default of five retries holds for automated syncs. */
  readonly retry?: RetryPolicy;
  /** `spec.syncPolicy.managedNamespaceMetadata`. */
  readonly managedNamespaceMetadata?: {
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  };
  readonly project: string;
  /** What counts for nothing where live objects are compared with their manifests. */
  readonly ignoreDifferences: readonly IgnoreRule[];
}

/** An application found in a root. */
export interface Application {
  readonly name: string;
  /** Path of its source within the root; `.` for the root itself. */
  readonly path: string;
  /** Destination namespace; empty where nothing says. */
  readonly namespace: string;
  /** Argo CD Application manifest that declares it; absent where a folder is taken for one. */
  readonly declaredIn?: { readonly file: string; readonly line: number };
  readonly kind: ApplicationPlan['source']['kind'];
  /** Why these files form an application, in words. */
  readonly reason: string;
  /** Files whose manifests belong to it, sorted. */
  readonly files: readonly string[];
  /** `spec.syncPolicy.syncOptions` of the Application. */
  readonly syncOptions: readonly string[];
  readonly automated: boolean;
  /** In the order of the Application; none where they are not known. */
  readonly sources: readonly ApplicationSource[];
  /** Absent where a folder is taken for an application. */
  readonly policy?: ApplicationPolicy;
  /** Name of the ApplicationSet that generates it. */
  readonly generatedBy?: string;
  /** Why the files may not be all that Argo CD would apply, or not what it would apply. Such an application is not synced. */
  readonly problems: readonly PlanProblem[];
}

/** What would be sent for one manifest: read twice, and equal in both readings. */
export interface SyncObject {
  readonly object: KubeObject;
  readonly file: string;
  readonly line: number;
}

/** The objects of an application as a sync needs them. `refused`: why it may not be synced, each with its place. */
export interface SyncSource {
  readonly objects: readonly SyncObject[];
  readonly refused: readonly { readonly file: string; readonly line: number; readonly message: string }[];
}

export interface LintFinding {
  readonly file: string;
  /** 1-based; columns in UTF-16 units. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly severity: 'error' | 'warning' | 'info' | 'hint';
  readonly rule: string;
  readonly message: string;
  readonly related: readonly {
    readonly file: string;
    readonly line: number;
    readonly column: number;
    readonly message: string;
  }[];
  /** Titles of the quick fixes. */
  readonly fixes: readonly string[];
}

/** A way to repair a finding. */
export interface LintRepair {
  readonly title: string;
  /** Beyond doubt: what `lint --fix` applies. */
  readonly safe: boolean;
  /** In the finding's own file; places 1-based, columns in UTF-16 units. */
  readonly edits: readonly {
    readonly line: number;
    readonly column: number;
    readonly endLine: number;
    readonly endColumn: number;
    readonly newText: string;
  }[];
}

/** Tells applications of one root apart, as they were and as they are. */
export const applicationKey = ({ path, name }: Pick<Application, 'path' | 'name'>): string => `${path}\n${name}`;
