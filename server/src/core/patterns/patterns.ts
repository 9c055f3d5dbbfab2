import { HOOK, HOOK_DELETE_POLICY, type SyncPhase } from '../annotations/keys.ts';
import { pieces, type Pieces, type Slot } from './pieces.ts';

/** A hook that people write again and again. */
export interface HookPattern {
  readonly id: string;
  /** What it is, in a few words: `Database migration`. */
  readonly title: string;
  /** What it is for and when it runs, in one sentence. */
  readonly summary: string;
  /** Where it belongs. */
  readonly phases: readonly SyncPhase[];
  /** Other places that make sense, to choose from. */
  readonly otherPhases: readonly (readonly SyncPhase[])[];
  readonly name: string;
  /** After so many seconds Kubernetes ends the Job: Argo CD itself waits for ever. */
  readonly deadline: number;
  readonly retries: number;
  /** `name`, `image` and `command` of the container; places from 2 on. */
  readonly container: Pieces;
}

const slot = (number: number, text: string): Slot => ({ slot: number, text });

const CURL = 'curlimages/curl:8.16.0';
const notification = (text: string): Pieces => pieces`- name: notify
          image: ${slot(2, CURL)}
          command:
            - sh
            - -c
            - >-
              curl --fail --silent --show-error --header 'Content-Type: application/json'
              --data '{"text": "${slot(3, text)}"}' "$WEBHOOK_URL"
          env:
            - name: WEBHOOK_URL
              valueFrom:
                secretKeyRef:
                  name: ${slot(4, 'notifications')}
                  key: ${slot(5, 'webhook-url')}
`;

/** The patterns of hooks, in the order in which they are offered. */
export const HOOK_PATTERNS: readonly HookPattern[] = [
  {
    id: 'migration',
    title: 'Database migration',
    summary: 'Changes the database before the new version is applied; if it fails, nothing else is.',
    phases: ['PreSync'],
    otherPhases: [['Sync']],
    name: 'db-migration',
    deadline: 600,
    retries: 0,
    container: pieces`- name: migrate
          image: ${slot(2, 'registry.example.com/shop/migrate:1.0.0')}
          command: ${slot(3, '[./migrate, up]')}
`,
  },
  {
    id: 'smoke-test',
    title: 'Smoke test',
    summary: 'Asks the application whether it answers, when everything is healthy; if not, the sync has failed.',
    phases: ['PostSync'],
    otherPhases: [['Sync']],
    name: 'smoke-test',
    deadline: 120,
    retries: 2,
    container: pieces`- name: test
          image: ${slot(2, CURL)}
          command: [curl, --fail, --silent, --show-error, --max-time, "10", "${slot(3, 'http://web/healthz')}"]
`,
  },
  {
    id: 'notify-success',
    title: 'Notification on success',
    summary: 'Tells somebody that everything is applied and healthy.',
    phases: ['PostSync'],
    otherPhases: [],
    name: 'notify-success',
    deadline: 60,
    retries: 2,
    container: notification('shop is synced'),
  },
  {
    id: 'notify-failure',
    title: 'Notification on failure',
    summary: 'Tells somebody that the sync has failed.',
    phases: ['SyncFail'],
    otherPhases: [],
    name: 'notify-failure',
    deadline: 60,
    retries: 2,
    container: notification('the sync of shop has failed'),
  },
  {
    id: 'clean-up',
    title: 'Clean-up',
    summary:
      'Removes what the sync needed for a while, whether it succeeds or fails: PostSync alone never runs after a failure.',
    phases: ['PostSync', 'SyncFail'],
    otherPhases: [['PostSync'], ['SyncFail']],
    name: 'clean-up',
    deadline: 300,
    retries: 1,
    container: pieces`- name: clean-up
          image: ${slot(2, 'registry.example.com/shop/tools:1.0.0')}
          command: ${slot(3, '[./clean-up]')}
`,
  },
];

/**
 * Policies with which a Job in these phases runs anew in each sync, and leaves a failure to look at until then. A sync
 * in which a SyncFail hook runs has failed, so that HookSucceeded would never delete it.
 */
export const policiesOf = (phases: readonly SyncPhase[]): string =>
  phases.every((phase) => phase === 'SyncFail') ? 'BeforeHookCreation' : 'BeforeHookCreation,HookSucceeded';

/** Longest name of an object whose pods carry it in a label. */
const MAX_NAME = 63;

/** Why a name is none that a Job may have, in words; undefined for a good one. */
export function hookNameProblem(name: string): string | undefined {
  if (name === '') return 'A hook needs a name.';
  if (name.length > MAX_NAME) return `A name has ${MAX_NAME} characters at most; this one has ${name.length}.`;
  return /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name)
    ? undefined
    : 'A name holds small letters, digits and dashes, and begins and ends with a letter or digit.';
}

/** The manifest of a pattern; place 1 is its name. */
export function manifestOf(pattern: HookPattern, phases: readonly SyncPhase[] = pattern.phases): Pieces {
  return pieces`apiVersion: batch/v1
kind: Job
metadata:
  name: ${slot(1, pattern.name)}
  annotations:
    ${HOOK}: ${phases.join(',')}
    ${HOOK_DELETE_POLICY}: ${policiesOf(phases)}
spec:
  # Argo CD waits for ever: Kubernetes ends the Job after so many seconds.
  activeDeadlineSeconds: ${String(pattern.deadline)}
  backoffLimit: ${String(pattern.retries)}
  template:
    spec:
      restartPolicy: Never
      containers:
        ${pattern.container}`;
}
