import { hasFailed } from '#core/sync/results';
import { keyOf } from '#core/object';
import type { Failure, NextSync, Preflight, PreflightRow, RunEvent } from '../../sync/events.ts';
import { harmless, styled, type Output } from '../output.ts';
import { durationText } from '../../sync/duration.ts';
import { counted, signed } from '#core/plan/words';
import { aligned, oneLine } from './columns.ts';
import { briefly } from '../../text/brief.ts';
import { keyLabel } from '../../text/words.ts';

type Colors = Pick<Output, 'color'>;

/** A message in one line, without commands to the terminal and without values that fill a page. */
const shown = (message: string): string => harmless(oneLine(briefly(message)));

const clock = (time: string): string => time.slice(11, 19);

/** One line for an event, where nothing is redrawn; empty for what a person need not read. */
export function eventLine(event: RunEvent, colors: Colors): string {
  switch (event.type) {
    case 'task': {
      const state = event.hookPhase || event.status;
      const where = `${event.phase} ${signed(event.wave)}`;
      const text = `${clock(event.time)}  ${where.padEnd(11)}  ${state.padEnd(9)}  ${keyLabel(event.task)}`;
      return styled(colors, stateStyle(state), harmless(text)) + (event.message ? `  ${shown(event.message)}` : '');
    }
    case 'operation':
      return event.message === '' ? '' : `${clock(event.time)}  ${event.phase}: ${shown(event.message)}`;
    case 'log':
      return styled(colors, 'dim', harmless(`${clock(event.time)}  ${keyLabel(event.task)} | ${event.line}`));
    case 'notice':
      return styled(
        colors,
        event.code === 'back' ? 'reset' : 'yellow',
        shown(`${clock(event.time)}  ${event.message}`),
      );
    case 'waiting':
      return event.reasons.length === 0 ? '' : waitingText(event, colors);
    case 'stuck':
      return stuckText(event, colors);
    case 'result':
      return resultText(event, colors);
    case 'preflight':
    case 'write':
    case 'unfinished':
    case 'error':
      return '';
  }
}

export function stateStyle(state: string): 'green' | 'red' | 'yellow' | 'reset' {
  if (['Succeeded', 'Synced', 'Pruned'].includes(state)) return 'green';
  if (['Failed', 'Error', 'SyncFailed'].includes(state)) return 'red';
  return state === 'Running' ? 'yellow' : 'reset';
}

/** What takes long: why, and what can be done. */
function waitingText(event: Extract<RunEvent, { type: 'waiting' }>, colors: Colors): string {
  const { time, since, task, progress, reasons, advice } = event;
  const waited = durationText(Math.max(0, Date.parse(time) - Date.parse(since)));
  const first = `${clock(time)}  waiting for ${keyLabel(task)} since ${waited}${progress === '' ? '' : `: ${progress}`}`;
  return [
    styled(colors, 'yellow', shown(first)),
    ...reasons.map((text) => `          ${shown(text)}`),
    ...advice.map((text) => `          → ${shown(text)}`),
  ].join('\n');
}

function stuckText(event: Extract<RunEvent, { type: 'stuck' }>, colors: Colors): string {
  const lines = event.waitsFor.flatMap(({ task, reasons, advice }) => [
    harmless(`  ${keyLabel(task)}${reasons.length > 0 ? `: ${reasons.map(oneLine).join('; ')}` : ''}`),
    ...advice.map((text) => `    → ${shown(text)}`),
  ]);
  const first = `Nothing more will happen by itself: it waits for ever (${event.message}).`;
  return [styled(colors, 'red', shown(first)), ...lines].join('\n');
}

/** The summary at the end. */
export function resultText(event: Extract<RunEvent, { type: 'result' }>, colors: Colors): string {
  const { operation, results, left, criticalPath, waited } = event;
  const failed = results.filter(hasFailed);
  const phase = operation.phase === 'Running' ? 'Waits for ever' : operation.phase;
  const lines = [`${styled(colors, stateStyle(operation.phase), phase)}: ${shown(operation.message)}`];
  const explained = new Map(event.failures?.map((one) => [`${one.phase} ${one.task}`, one]));
  for (const { kind, name, message, ...result } of failed) {
    lines.push(`  ${shown(`${kind}/${name}: ${message}`)}`);
    const why = explained.get(`${result.syncPhase} ${keyOf({ kind, name, ...result })}`);
    if (why) lines.push(...failureLines(why, colors));
  }
  lines.push(...notAppliedLines(event.notApplied ?? []));
  const path = criticalPath.tasks.map(keyLabel).join(', ');
  lines.push(
    `${waited.seconds} s, of which ${criticalPath.seconds} s were waiting${path === '' ? '' : ` for ${harmless(path)}`}`,
  );
  lines.push(
    left.length === 0
      ? 'Nothing of the application is left in the cluster.'
      : `Left in the cluster: ${counted(left.length, 'object')}`,
  );
  for (const key of left) lines.push(`  ${harmless(keyLabel(key))}`);
  if (event.next) lines.push(...nextLines(event.next, colors));
  return lines.join('\n');
}

/** What is known of a failure below its message: what its pods say, how its log ends, what to do. */
const failureLines = ({ reasons, log, advice }: Failure, colors: Colors): string[] => [
  ...reasons.map((text) => `    ${shown(text)}`),
  ...log.map((line) => styled(colors, 'dim', `    | ${harmless(line)}`)),
  ...advice.map((text) => styled(colors, 'yellow', `    → ${shown(text)}`)),
];

/** Of many only the first are named. */
const NAMED = 10;

function notAppliedLines(keys: readonly string[]): string[] {
  if (keys.length === 0) return [];
  const more = keys.length > NAMED ? [`  and ${keys.length - NAMED} more`] : [];
  const names = keys.slice(0, NAMED).map((key) => `  ${harmless(keyLabel(key))}`);
  return [`Not applied: ${counted(keys.length, 'object')}`, ...names, ...more];
}

function nextLines({ phase, message, failed }: NextSync, colors: Colors): string[] {
  const how = phase === 'Running' ? 'waits for ever' : phase;
  return [
    `The next sync, with nothing failing any more: ${styled(colors, stateStyle(phase), how)}: ${shown(message)}`,
    ...failed.map((one) => `  ${shown(`${keyLabel(one.task)}: ${one.message}`)}`),
  ];
}

const SIGNS: Readonly<Record<PreflightRow['change'], string>> = {
  create: '+',
  change: '~',
  unchanged: '=',
  recreate: '±',
  prune: '−',
  unknown: '?',
};

/** What would happen, for the confirmation. */
export function preflightText(preflight: Preflight, colors: Colors): string {
  const { cluster, application, namespace, revision, rows, warnings, blockers, additions, notRun, options } = preflight;
  const where =
    cluster.kind === 'simulation' ? 'the simulation' : `${cluster.context} (${cluster.server}, ${cluster.origin})`;
  const table = aligned(
    rows.map((row) => [
      `  ${SIGNS[row.change]}`,
      `${row.phase} ${signed(row.wave)}`,
      `${row.hook ? '⚓ ' : ''}${keyLabel(row.task)}`,
      oneLine(row.note),
    ]),
  );
  const lines = [
    preflight.deletes === true
      ? `Deletion of what ${styled(colors, 'bold', application)} has in ${harmless(where)}`
      : `${styled(colors, 'bold', application)} to ${harmless(where)}`,
    `namespace ${namespace}${cluster.user === '' ? '' : `, as ${cluster.user}`}, ${revision}`,
    ...warnings.map((text) => styled(colors, 'yellow', `! ${harmless(text)}`)),
    ...blockers.map((text) => styled(colors, 'red', `✗ ${harmless(text)}`)),
    ...table.flatMap((line, i) => [harmless(line), ...(rows[i]?.diff ?? []).map((d) => harmless(`        ${d}`))]),
    ...ownerLines(preflight),
    ...(notRun.length > 0 ? ['Does not run:', ...notRun.map((text) => `  ${harmless(text)}`)] : []),
    `Options: ${harmless(options.join(', '))}`,
    ...(additions.length > 0 && preflight.owner?.isChosen !== true
      ? ['Added to what is written:', ...additions.map((text) => `  ${text}`)]
      : []),
  ];
  return lines.join('\n');
}

/** Where Argo CD can run it, or is to. */
function ownerLines({ owner }: Preflight): string[] {
  if (!owner) return [];
  const name = `${owner.namespace}/${owner.name}`;
  const lines = owner.isChosen
    ? [`Argo CD runs it: the operation of ${name} is set, and followed.`, ...owner.notes]
    : owner.obstacles.length === 0
      ? [`Argo CD itself can run it (--hand-over): its Application ${name} is in this cluster.`]
      : [];
  return lines.map(harmless);
}

/** `2 created, 1 changed, 3 unchanged`: what the rows come to. */
export function summary(rows: readonly PreflightRow[]): string {
  const words = [
    ['create', 'created'],
    ['change', 'changed'],
    ['recreate', 'recreated'],
    ['prune', 'deleted'],
    ['unchanged', 'unchanged'],
    ['unknown', 'unclear'],
  ] as const;
  return words
    .map(([change, word]) => [rows.filter((row) => row.change === change).length, word] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(', ');
}
