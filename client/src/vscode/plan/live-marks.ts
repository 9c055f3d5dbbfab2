import type { PlanPhaseName, PlanTask } from '#core/plan/model';
import type { ApplicationStatus, ResourceStatus } from '../../sync/status-model.ts';
import { escapeMarkdown } from '../../text/markdown.ts';
import { joined } from './texts.ts';
import { taskKeyOf } from '../sync/run-state.ts';
import { FAILED, findRun, PASSED, type Icon } from './run-marks.ts';

/** How an application stood in a cluster when somebody asked. Plain data. */
export interface LiveStatus {
  readonly status: ApplicationStatus;
  /** Our clock when it was told, in milliseconds since 1970. */
  readonly at: number;
  /** Key: phase, a space, `group/Kind/namespace/name`. */
  readonly tasks: ReadonlyMap<string, ResourceStatus>;
}

export const liveStatus = (status: ApplicationStatus, at: number): LiveStatus => ({
  status,
  at,
  tasks: new Map(status.resources.map((one) => [taskKeyOf(one.phase, one.task), one])),
});

/** How a task looks beside its live object. */
export interface LiveMark {
  readonly icon: Icon;
  readonly text: string;
  readonly resource: ResourceStatus;
}

/** What is known of a task's live object; undefined where it was not asked for. */
export function liveMark(
  live: LiveStatus,
  phase: PlanPhaseName,
  task: PlanTask,
  applicationNamespace: string,
): LiveMark | undefined {
  const resource = findRun(live, phase, task, applicationNamespace);
  return resource && { icon: statusIcon(resource), text: textOf(resource), resource };
}

const DIFFERS: Icon = { id: 'diff-modified', color: 'list.warningForeground' };
const ABSENT: Icon = { id: 'circle-slash', color: 'list.warningForeground' };
const MOVES: Icon = { id: 'sync', color: 'testing.iconQueued' };
const PAUSED: Icon = { id: 'debug-pause', color: 'testing.iconQueued' };
const UNSURE: Icon = { id: 'question', color: 'testing.iconSkipped' };
const NONE: Icon = { id: 'circle-large-outline', color: 'testing.iconSkipped' };

/** The worst of it: what is broken before what differs, what differs before what still moves. */
export function statusIcon({ sync, health }: Pick<ResourceStatus, 'sync' | 'health'>): Icon {
  if (health === 'Degraded') return FAILED;
  if (sync === 'Missing') return ABSENT;
  if (sync === 'OutOfSync' || sync === 'Extra') return DIFFERS;
  if (sync === 'Unknown' || health === 'Unknown') return UNSURE;
  if (health === 'Progressing') return MOVES;
  if (health === 'Suspended') return PAUSED;
  return sync === '' && health === '' ? NONE : PASSED;
}

function textOf({ sync, health, healthMessage, note }: ResourceStatus): string {
  const isBad = health !== '' && health !== 'Healthy' && health !== 'Missing';
  const states = joined(sync, health !== 'Missing' && health);
  return joined(states === '' ? note : states, states !== '' && note, isBad && healthMessage);
}

/** `OutOfSync · Degraded · kind-dev`; with what Argo CD says itself where that is something else. */
export function liveLine({ status }: LiveStatus): string {
  const { cluster, sync, health, argocd } = status;
  const other = argocd && (argocd.sync !== sync || argocd.health !== health);
  return joined(sync, health, cluster.context, other && `Argo CD says ${argocd.sync}, ${argocd.health}`);
}

/** Where and when that was, and what was not looked at: paragraphs of Markdown. */
export function liveDetails({ status, at }: LiveStatus): string[] {
  const { cluster, namespace, notes } = status;
  const place = `in context ${cluster.context} (${cluster.server}), namespace ${namespace}`;
  return [
    escapeMarkdown(`Live status ${place}, at ${new Date(at).toLocaleTimeString()}.`),
    ...notes.map((note) => `$(warning) ${escapeMarkdown(note)}`),
  ];
}
