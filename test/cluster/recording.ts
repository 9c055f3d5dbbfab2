import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { KubeObject } from '#core/object';
import { objectsIn, type ExpectedCase, type ExpectedStep } from './live-case.ts';

/** A case of a folder of recordings: what the real Argo CD was seen to do, as it was recorded. */
export interface Recording {
  readonly live: ExpectedCase;
  /** The objects of one of its commits, of the application at this path. */
  objects(files: string, application: string): KubeObject[];
}

interface CaseFile extends Omit<ExpectedCase, 'name' | 'namespace' | 'steps'> {
  readonly namespace?: string;
  readonly application?: { readonly metadata?: { readonly finalizers?: readonly string[] } };
  readonly applications?: Readonly<Record<string, { readonly path: string }>>;
}

interface TraceStep {
  readonly step: ExpectedStep['step'];
  readonly timedOut?: ExpectedStep['timedOut'];
  readonly gone?: boolean;
  readonly operation?: Pick<ExpectedStep, 'phase' | 'message' | 'results'>;
  readonly writes?: ExpectedStep['writes'];
  readonly left?: ExpectedStep['left'];
}

const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

/** Reads the recording of one case: `case.json`, `trace.json` and a folder of manifests for each commit. */
export function recordingIn(folder: string): Recording {
  const { applications = {}, application, ...about } = read(path.join(folder, 'case.json')) as CaseFile;
  const name = path.basename(folder);
  const { steps } = read(path.join(folder, 'trace.json')) as { readonly steps: readonly TraceStep[] };
  const cascade = application?.metadata?.finalizers?.includes('resources-finalizer.argocd.argoproj.io') === true;
  return {
    live: {
      ...about,
      name,
      namespace: about.namespace ?? name,
      cascade,
      steps: steps.map(({ step, operation, timedOut, gone, writes = [], left = [] }) => ({
        step,
        phase: operation?.phase ?? (gone === true ? 'Succeeded' : ''),
        message: operation?.message ?? '',
        results: operation?.results ?? [],
        writes: writes.map(plainWrite),
        left,
        ...(timedOut === undefined ? {} : { timedOut }),
        ...(gone === undefined ? {} : { gone }),
      })),
    },
    objects: (files, wanted) => manifestsIn(path.join(folder, files, applications[wanted]?.path ?? '.')),
  };
}

/** A patch of a server-side apply is told in words. */
function plainWrite({ patch, ...write }: ExpectedStep['writes'][number]): ExpectedStep['writes'][number] {
  const { t, verb, object, code, propagation, finalizers } = write;
  return {
    ...{ verb, object, code },
    ...(t === undefined ? {} : { t }),
    ...(propagation === undefined ? {} : { propagation }),
    ...(finalizers === undefined ? {} : { finalizers }),
    ...(typeof patch === 'object' && patch !== null ? { patch } : {}),
  };
}

const manifestsIn = (folder: string): KubeObject[] =>
  readdirSync(folder)
    .filter((file) => /\.ya?ml$/.test(file))
    .sort()
    .flatMap((file) => objectsIn(path.join(folder, file)));

/** The cases of a folder of recordings. */
export const recordingsIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => existsSync(path.join(folder, name, 'trace.json')))
    .sort();
