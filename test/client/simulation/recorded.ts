import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gvkOf, kindOf, nameOf, generateNameOf, type KubeObject } from '#core/object';
import type { OperationRequest } from '#core/sync/options';
import { OUTCOMES, type ObjectRule } from '../../../client/src/simulation/scenario.ts';
import { parseDuration } from '#core/duration';
import { at, textOf } from '../../../client/src/sync/json.ts';
import { objects, sync, world, type Ran, type World } from '../simulated.ts';

/** What the real Argo CD did with an application, step by step: recorded for the tests on a real control plane. */
export interface Recorded {
  readonly name: string;
  readonly namespace: string;
  readonly noNamespace?: boolean;
  readonly extraNamespaces?: readonly string[];
  readonly steps: readonly RecordedStep[];
}

export interface RecordedStep {
  readonly step: {
    readonly files?: string;
    readonly terminateAtMs?: number;
    /** It is terminated when it has lasted so long. */
    readonly timeoutMs?: number;
    readonly sync: OperationRequest;
  };
  readonly timedOut?: object;
  readonly phase: string;
  readonly message: string;
  readonly results: readonly Readonly<Record<string, string>>[];
  readonly writes: readonly { readonly verb: string; readonly object: string; readonly code: number }[];
  readonly left: readonly { readonly object: string }[];
}

const CLUSTER = path.join(import.meta.dirname, '../../cluster');

/** Those of syncs; deletions of an application are tested by themselves. */
export const recordedCases = (): string[] =>
  readdirSync(path.join(CLUSTER, 'cases'))
    .filter((name) => !name.startsWith('delete-'))
    .sort();

export const recorded = (name: string): Recorded =>
  JSON.parse(readFileSync(path.join(CLUSTER, 'expected', `${name}.json`), 'utf8')) as Recorded;

/** Steps in which somebody else does something, or that are no sync of this application. */
const FURTHER = ['kubectl', 'during', 'deleteApplication', 'retry', 'application'];

/** Are its steps syncs of one application and nothing else? */
export const isPlain = ({ steps }: Recorded): boolean =>
  steps.every(({ step }) => !FURTHER.some((key) => Object.hasOwn(step, key)));

export function manifestsOf(name: string, files: string): KubeObject[] {
  const file = path.join(CLUSTER, 'cases', name, `${files}.yaml`);
  return existsSync(file) ? objects(readFileSync(file, 'utf8')) : [];
}

/** What the fake kubelet of the control plane reads from the pods' annotations, as rules of a scenario. */
export function rulesOf(manifests: readonly KubeObject[]): ObjectRule[] {
  const prefix = 'test.argocd-hooks.dev/';
  return manifests.map((object) => {
    const pod = kindOf(object) === 'Pod' ? object : at(object['spec'], 'template');
    const read = (key: string): string => textOf(at(pod, 'metadata', 'annotations', prefix + key));
    const outcome = OUTCOMES.find((candidate) => candidate === read('pod'));
    return {
      name: `${kindOf(object)}/${nameOf(object) || generateNameOf(object)}`,
      after: parseDuration(read('after')) ?? 300,
      ...(outcome === undefined ? {} : { outcome }),
      ...(read('exit-code') === '' ? {} : { exitCode: Number(read('exit-code')) }),
      ...(read('fail-times') === '' ? {} : { failTimes: Number(read('fail-times')) }),
    };
  });
}

export const worldOf = ({ namespace, noNamespace }: Recorded): World =>
  world({ run: 300, ready: 200, loadBalancer: null, ingress: null }, [], noNamespace === true ? [] : [namespace]);

/** Runs one step in the simulation, a while after the one before. */
export async function runRecorded(
  place: World,
  live: Recorded,
  { step, timedOut }: RecordedStep,
  manifests: readonly KubeObject[],
  before: readonly KubeObject[],
): Promise<Ran> {
  await place.clock.sleep(5000);
  const stopsAt = step.terminateAtMs ?? (timedOut ? step.timeoutMs : undefined);
  place.cluster.play({ ...place.scenario, objects: rulesOf(manifests) });
  return sync(place, manifests, {
    application: live.name,
    namespace: live.namespace,
    operation: step.sync,
    furtherKinds: before.map(gvkOf),
    ...(stopsAt === undefined ? {} : { terminateAt: stopsAt, waitsForever: true }),
  });
}

/** Text without what differs from run to run: names of a generated hook, files and dumps of kubectl, uids. */
export const plain = (text: string): string =>
  text
    .replace(/[0-9a-f]{7}-(presync|sync|postsync|syncfail)-\d+/g, 'REV-$1-TIME')
    .replace(/error when (?:patching|creating|replacing) "[^"]*": /g, '')
    .replace(/ from "[^"]*"(?=: no matches)/g, '')
    .replace(/(spec\.\w+): Invalid value: .*: field is immutable/gs, '$1: field is immutable')
    .replace(
      /is invalid: \[spec\.template\.metadata\.labels\[.*field is immutable\]/gs,
      'is invalid: spec.template: field is immutable',
    );

export const resultRows = (results: Ran['result']['results']): string[] =>
  results
    .map(({ group, kind, namespace, name, status, message, hookType, hookPhase, syncPhase }) => {
      const object = [group, kind, namespace, name].filter((part) => part !== '').join('/');
      return plain([object, syncPhase, status, hookPhase, hookType, message].join(' | '));
    })
    .sort();

export const recordedRows = (results: RecordedStep['results']): string[] =>
  results
    .map((row) => {
      const object = (row['object'] ?? '').replace(/\/$/, '');
      const rest = ['syncPhase', 'status', 'hookPhase', 'hookType', 'message'].map((key) => row[key] ?? '');
      return plain([object, ...rest].join(' | '));
    })
    .sort();
