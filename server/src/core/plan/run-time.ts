import { at, listAt } from '../fields.ts';
import { groupOf, kindOf, type Json, type JsonObject, type KubeObject } from '../object.ts';
import { podSpecOf } from './references.ts';

/** How long a Job or Pod may take to end, as far as its own fields bound it. */
export type RunTime =
  /** A deadline ends it, or nothing certain can be said. */
  | { readonly kind: 'bounded' }
  /** A failing container is tried again until `attempts`; one that hangs is never ended. */
  | {
      readonly kind: 'retried';
      readonly attempts: number;
      readonly backOffSeconds: number;
      readonly byDefault: boolean;
    }
  /** The number of retries is not known (a template). A container that hangs is never ended. */
  | { readonly kind: 'retried-as-told' }
  /** A Pod whose failing containers the kubelet restarts without end. */
  | { readonly kind: 'restarted-for-ever' }
  /** A Pod whose containers are restarted also after a success, so that it has no end at all. */
  | { readonly kind: 'kept-running' };

/** `spec.backoffLimit` of a Job where none is written. Source: Kubernetes, API reference of `JobSpec`. */
export const DEFAULT_BACKOFF_LIMIT = 6;

const FIRST_BACK_OFF_SECONDS = 10;
/** The Job controller makes new pods at most six minutes apart; a kubelet restarts containers at most five apart. */
const LONGEST_BACK_OFF_SECONDS = { Never: 360, OnFailure: 300 } as const;

/**
 * Seconds spent waiting between `retries + 1` attempts that fail at once: 10, doubled each time up to a limit.
 * Source: Kubernetes' documentation, "Pod backoff failure policy" and "Container restarts".
 */
export function backOffSeconds(retries: number, restartPolicy: 'Never' | 'OnFailure'): number {
  const longest = LONGEST_BACK_OFF_SECONDS[restartPolicy];
  let sum = 0;
  let wait = FIRST_BACK_OFF_SECONDS;
  for (let i = 0; i < retries; i++) {
    if (wait >= longest) return sum + (retries - i) * longest;
    sum += wait;
    wait *= 2;
  }
  return sum;
}

/** What bounds the time that a Job or Pod takes; undefined for other kinds, and where its pod is not written. */
export function runTimeOf(object: KubeObject): RunTime | undefined {
  const pod = podSpecOf(object);
  if (!pod || !Array.isArray(pod['containers'])) return undefined;
  if (groupOf(object) === 'batch' && kindOf(object) === 'Job') return jobRunTime(object, pod);
  return groupOf(object) === '' && kindOf(object) === 'Pod' ? podRunTime(pod) : undefined;
}

function jobRunTime(job: KubeObject, pod: JsonObject): RunTime {
  if (isWritten(at(job, 'spec', 'activeDeadlineSeconds')) || isWritten(pod['activeDeadlineSeconds'])) return BOUNDED;
  const written = at(job, 'spec', 'backoffLimit');
  const policy = pod['restartPolicy'];
  if (isWritten(written) && typeof written !== 'number') return { kind: 'retried-as-told' };
  const retries = typeof written === 'number' ? Math.max(0, Math.trunc(written)) : DEFAULT_BACKOFF_LIMIT;
  return {
    kind: 'retried',
    attempts: retries + 1,
    backOffSeconds: backOffSeconds(retries, policy === 'OnFailure' ? 'OnFailure' : 'Never'),
    byDefault: !isWritten(written),
  };
}

function podRunTime(pod: JsonObject): RunTime {
  if (isWritten(pod['activeDeadlineSeconds'])) return BOUNDED;
  switch (pod['restartPolicy'] ?? 'Always') {
    case 'Always':
      return { kind: 'kept-running' };
    case 'OnFailure':
      return { kind: 'restarted-for-ever' };
    case 'Never':
      return { kind: 'retried', attempts: 1, backOffSeconds: 0, byDefault: false };
    default:
      return BOUNDED;
  }
}
const BOUNDED: RunTime = { kind: 'bounded' };

const isWritten = (value: Json | undefined): boolean => value !== undefined && value !== null;

/** Counters and time limits: a loop that holds one of them may well end by itself. */
const LIMITED =
  /\btimeout\b|--max-time\b|--retries\b|\bseq\b|\bSECONDS\b|\s-(?:eq|ge|gt|le|lt)\s|\(\(|\bbreak\b|\bexit\s+[1-9]|\{\d+\.\.\d+\}/;
const LOOP_BEGINS = /(?:^|[\s;|&('"])(until|while)\s/;
/** What follows each other in such a loop, each word looked for behind the former. */
const LOOP_GOES_ON = [/[\s;]do\b/, /\bsleep\b/, /\bdone\b/];

/** The word that begins a loop with a `sleep` in it; one walk over the script, whatever it holds. */
function waitingLoop(script: string): string | undefined {
  const begin = LOOP_BEGINS.exec(script);
  if (!begin) return undefined;
  let rest = script.slice(begin.index + begin[0].length - 1);
  for (const next of LOOP_GOES_ON) {
    const found = next.exec(rest);
    if (!found) return undefined;
    rest = rest.slice(found.index + found[0].length);
  }
  return begin[1];
}

/**
 * The container of an object's pod whose command waits in a shell loop that nothing in it ends, and the loop's word
 * (`until`, `while`); undefined where there is none, or where a counter, a time limit or a template is in sight.
 */
export function endlessLoopIn(
  object: KubeObject,
  isTemplated: (text: string) => boolean,
): { readonly container: string; readonly word: string } | undefined {
  const pod = podSpecOf(object);
  for (const container of pod ? [...listAt(pod, 'initContainers'), ...listAt(pod, 'containers')] : []) {
    const script = [...textsOf(container['command']), ...textsOf(container['args'])].join('\n');
    const word = waitingLoop(script);
    if (word === undefined || LIMITED.test(script) || isTemplated(script)) continue;
    return { container: typeof container['name'] === 'string' ? container['name'] : '', word };
  }
  return undefined;
}

const textsOf = (value: Json | undefined): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
