import { at, listAt, textAt } from '../fields.ts';
import type { JsonObject, KubeObject } from '../object.ts';
import { projectGlob } from './glob.ts';

/** An object that a project may or may not hold. */
export interface ProjectSubject {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly namespaced: boolean;
}

/** A cluster that an application deploys to; empty where its name or its address is not known. */
export interface ProjectDestination {
  readonly server: string;
  readonly name: string;
}

/**
 * Why Argo CD would refuse an object of an application of this project; undefined where it would not, or where that
 * depends on the cluster's other name.
 * Source: controller/sync.go `validateSyncPermissions`; app_project_types.go `IsGroupKindNamePermitted`,
 * `isDestinationMatched`.
 */
export function projectDenial(
  project: KubeObject,
  subject: ProjectSubject,
  destination: ProjectDestination,
): string | undefined {
  const name = textAt(project, 'metadata', 'name');
  const { group, kind, namespace, namespaced } = subject;
  if (!permitsKind(project, subject)) return `resource ${group}:${kind} is not permitted in project ${name}`;
  if (namespaced && !permitsNamespace(project, namespace, destination))
    return `namespace ${namespace} is not permitted in project '${name}'`;
  return undefined;
}

function permitsKind(project: KubeObject, subject: ProjectSubject): boolean {
  const scope = subject.namespaced ? 'namespace' : 'cluster';
  const holds = (list: string): boolean =>
    listAt(project, 'spec', `${scope}Resource${list}`).some((entry) => isMeant(entry, subject));
  // Whoever lists no kinds of namespaces permits all of them, and none outside of any.
  const isOpen = subject.namespaced && !Array.isArray(at(project, 'spec', 'namespaceResourceWhitelist'));
  return (isOpen || holds('Whitelist')) && !holds('Blacklist');
}

function isMeant(entry: JsonObject, { group, kind, name, namespaced }: ProjectSubject): boolean {
  const named = textAt(entry, 'name');
  return (
    projectGlob(textAt(entry, 'kind'), kind) &&
    projectGlob(textAt(entry, 'group'), group) &&
    (namespaced || named === '' || projectGlob(named, name))
  );
}

const isDeny = (pattern: string): boolean => pattern.startsWith('!');

const fits = (pattern: string, text: string): boolean =>
  isDeny(pattern) ? !projectGlob(pattern.slice(1), text) : projectGlob(pattern, text);

function permitsNamespace(project: KubeObject, namespace: string, { server, name }: ProjectDestination): boolean {
  let isPermitted = false;
  for (const entry of listAt(project, 'spec', 'destinations')) {
    const [names, servers, namespaces] = [textAt(entry, 'name'), textAt(entry, 'server'), textAt(entry, 'namespace')];
    // It may be meant by the half that is not known.
    if ((name === '' && names !== '') || (server === '' && servers !== '')) return true;
    const byName = name !== '' && fits(names, name);
    const byServer = server !== '' && fits(servers, server);
    const byNamespace = fits(namespaces, namespace);
    if ((byServer || byName) && byNamespace) isPermitted = true;
    else if ((!byName && isDeny(names)) || (!byServer && isDeny(servers) && byNamespace)) return false;
    else if (!byNamespace && isDeny(namespaces) && byServer) return false;
  }
  return isPermitted;
}
