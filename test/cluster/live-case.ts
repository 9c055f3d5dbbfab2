import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isObject, type Json, type KubeObject } from '#core/object';
import type { OperationRequest } from '#core/sync/options';
import { documentTexts } from '../../server/src/manifest/split.ts';
import { readForSync } from '../../server/src/manifest/values.ts';
import { get, post, until } from './plane.ts';

/** What the real Argo CD v3.6.1 was seen to do (`expected/CASE.json`). */
export interface ExpectedCase {
  readonly title: string;
  /** Name of the application. */
  readonly name: string;
  /** Destination namespace. */
  readonly namespace: string;
  /** It is not there at the start. */
  readonly noNamespace?: boolean;
  readonly extraNamespaces?: readonly string[];
  readonly clusterObjects?: readonly string[];
  /** Its deletion deletes its resources (the Application has the resources finalizer). */
  readonly cascade?: boolean;
  readonly steps: readonly ExpectedStep[];
}

/** What is asked for in one step of a case: something before, then a sync or a deletion. */
export interface Step {
  readonly files?: string;
  /** The application that is meant, of several. */
  readonly application?: string;
  readonly waitMs?: number;
  readonly kubectl?: readonly string[];
  readonly sync?: OperationRequest;
  readonly retry?: {
    readonly limit: number;
    readonly backoff?: { readonly duration: string; readonly factor: number; readonly maxDuration: string };
  };
  readonly deleteApplication?: boolean;
  readonly terminateAtMs?: number;
  readonly timeoutMs?: number;
  /** What kubectl does meanwhile. */
  readonly during?: readonly { readonly atMs: number; readonly kubectl: readonly string[] }[];
}

/** One step of a case, and what came of it. */
export interface ExpectedStep {
  readonly step: Step;
  /** How it stood when it had lasted too long, and was terminated. */
  readonly timedOut?: { readonly phase: string; readonly message: string };
  /** Of a deletion: the Application went away. */
  readonly gone?: boolean;
  readonly phase: string;
  readonly message: string;
  readonly results: readonly Row[];
  readonly writes: readonly Write[];
  readonly left: readonly { readonly object: string; readonly trackingId?: string; readonly conditions?: string[] }[];
}

/** A result of a task, its object as `group/Kind/namespace/name`. */
export type Row = Record<string, string>;

export interface Write {
  /** Milliseconds since the start of the step, in a recording. */
  readonly t?: number;
  readonly verb: string;
  readonly object: string;
  readonly code: number;
  readonly propagation?: string;
  readonly finalizers?: readonly string[];
  /** What a patch of a plain apply says; in a recording that was made with other objects it is left out. */
  readonly patch?: Json;
}

export const expectedOf = (name: string): ExpectedCase =>
  JSON.parse(readFileSync(path.join(import.meta.dirname, 'expected', `${name}.json`), 'utf8')) as ExpectedCase;

/** Namespaces in which the case has its objects. */
export const namespacesOf = (live: ExpectedCase): string[] => [live.namespace, ...(live.extraNamespaces ?? [])];

/** Makes the destination namespace, where the case starts with one. */
export async function prepare({ namespace, noNamespace }: ExpectedCase): Promise<void> {
  if (noNamespace === true) return;
  await post('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  await until('the service account', () => get(`/api/v1/namespaces/${namespace}/serviceaccounts/default`));
}

/** The objects of a manifest file, as a sync reads them. */
export function objectsIn(file: string): KubeObject[] {
  return documentTexts(readFileSync(file, 'utf8')).flatMap((text) => {
    const reading = readForSync(text);
    if ('refused' in reading) throw new Error(`${file}: ${reading.refused}`);
    return isObject(reading.value) ? [reading.value] : [];
  });
}
