import { counted } from '#core/plan/words';
import type { KubeObject } from '#core/object';
import { projectDenial, type ProjectSubject } from '#core/project/permissions';
import { closedWindow, type SyncWindow, type WindowClosed } from '#core/project/sync-windows';
import type { Cluster } from '../cluster.ts';
import type { Signal } from '../signal.ts';
import { ARGOCD_NAMESPACE, PROJECT, type LiveApplication } from './live-application.ts';

interface Around {
  readonly cluster: Cluster;
  readonly signal: Signal;
}

interface Synced {
  readonly objects: readonly ProjectSubject[];
  readonly now: number;
}

/**
 * What Argo CD would not do because of its project: sync outside of its sync windows, or hold objects that are not
 * permitted there. Empty where the project cannot be read.
 */
export async function projectWarnings(
  around: Around,
  application: LiveApplication,
  { objects, now }: Synced,
): Promise<string[]> {
  const project = await read(around, application).catch(() => undefined);
  if (!project) return [];
  const { name, destination, place, project: named } = application;
  const subject = { application: name, namespace: destination, clusters: [place.server, place.name].filter(Boolean) };
  const closed = closedWindow(project, subject, now);
  const denials = objects.flatMap((object) => projectDenial(project, object, place) ?? []);
  return [...(closed ? [windowText(named, closed)] : []), ...denialTexts(denials)];
}

/** Projects stand where Argo CD does, which need not be where the Application stands. */
async function read({ cluster, signal }: Around, application: LiveApplication): Promise<KubeObject | undefined> {
  await cluster.discover([PROJECT], { refresh: false }, signal);
  const { group, version, kind } = PROJECT;
  if ('error' in cluster.discovered(group, version, kind)) return undefined;
  for (const namespace of new Set([ARGOCD_NAMESPACE, application.namespace])) {
    const project = await cluster.read(PROJECT, namespace, application.project, signal);
    if (project) return project;
  }
  return undefined;
}

function windowText(project: string, { kind, windows, until }: WindowClosed): string {
  const texts = windows.map(shown).join('; ');
  if (kind === 'deny') {
    const end = until === undefined ? '' : ` until ${momentText(until)}`;
    return `A sync window of Argo CD's project ${project} is open${end}, in which Argo CD would refuse this sync: ${texts}.`;
  }
  const next = until === undefined ? 'None opens in the next years' : `The next one opens at ${momentText(until)}`;
  return `No sync window of Argo CD's project ${project} is open, and Argo CD would refuse this sync. ${next}: ${texts}.`;
}

const shown = ({ schedule, duration, timeZone, description }: SyncWindow): string =>
  `${schedule} for ${duration}${timeZone === '' ? '' : `, ${timeZone}`}${description === '' ? '' : ` (${description})`}`;

/** `2026-11-26 03:00 UTC`. */
const momentText = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** So many different denials are told. */
const MOST = 5;

function denialTexts(denials: readonly string[]): string[] {
  if (denials.length === 0) return [];
  const texts = [...new Set(denials)];
  const more = texts.length > MOST ? ` and ${texts.length - MOST} more` : '';
  return [
    `Argo CD would refuse ${counted(denials.length, 'object')} of this application: ${texts.slice(0, MOST).join('; ')}${more}.`,
  ];
}
