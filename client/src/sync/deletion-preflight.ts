import { declaredWave, deletePhases, deletePolicies } from '#core/annotations/classify';
import { DELETE_PHASES, type DeletePhase } from '#core/annotations/keys';
import {
  compareBytes,
  generateNameOf,
  groupOf,
  gvkOf,
  keyOf,
  kindOf,
  nameOf,
  namespaceOf,
  objectIdOf,
  type KubeObject,
} from '#core/object';
import { wantsConfirmation, whyKept } from '#core/sync/deletion-rules';
import { counted } from '#core/plan/words';
import type { AccessRequest, ClusterIdentity, Inventory } from './cluster.ts';
import type { Preflight, PreflightRow } from './events.ts';
import { ASKS } from './preflight.ts';
import type { SyncRequest } from './request.ts';
import type { Session } from './session.ts';
import { unseenTexts } from './unseen.ts';

export interface DeletionQuestion {
  readonly request: SyncRequest;
  readonly identity: ClusterIdentity;
  readonly session: Session;
  readonly cascade: boolean;
  readonly defaultDelete: string | null;
}

/** Every object that a deletion touches, by name, in the order in which it will happen; and what stays. */
export function deletionRows({ session, cascade, defaultDelete }: DeletionQuestion): PreflightRow[] {
  const owned = session.owned();
  const hooks = (phase: DeletePhase): PreflightRow[] =>
    session.deleteHooks
      .filter((hook) => deletePhases(hook).includes(phase))
      .map((hook) => hookRow(hook, phase, owned.get(keyOf(objectIdOf(hook))), cascade));
  const resources = [...owned].sort(
    ([a, one], [b, other]) => declaredWave(other).wave - declaredWave(one).wave || compareBytes(a, b),
  );
  const strangers = [...session.live()].filter(([key]) => !owned.has(key));
  return [
    ...hooks('PreDelete'),
    ...(cascade ? resources.map(([key, object]) => resourceRow(key, object, defaultDelete)) : []),
    ...strangers.map(([key, object]) => strangerRow(key, object)),
    ...hooks('PostDelete'),
  ];
}

function hookRow(hook: KubeObject, phase: DeletePhase, live: KubeObject | undefined, cascade: boolean): PreflightRow {
  const id = objectIdOf(hook);
  const task = keyOf({ ...id, name: nameOf(hook) || `${generateNameOf(hook)}…` });
  const row = { task, phase, wave: 0, hook: true, diff: [] };
  if (live && deletePhases(live).includes(phase) && !(cascade && phase === 'PostDelete'))
    return { ...row, change: 'unchanged', note: 'it is there already, and is not run again' };
  return { ...row, change: 'create', note: afterwards(hook, phase, cascade) };
}

function afterwards(hook: KubeObject, phase: DeletePhase, cascade: boolean): string {
  if (phase === 'PreDelete' && cascade) return 'nothing is deleted before it has succeeded; it goes with the resources';
  const policies = deletePolicies(hook);
  const ends = [
    ...(policies.includes('HookSucceeded') ? [`all ${phase} hooks have succeeded`] : []),
    ...(policies.includes('HookFailed') ? ['one of them has failed'] : []),
  ];
  return ends.length === 0 ? 'stays when everything else is gone' : `deleted when ${ends.join(' or ')}`;
}

function resourceRow(task: string, object: KubeObject, defaultDelete: string | null): PreflightRow {
  const { wave } = declaredWave(object);
  const row = { task, phase: 'Delete', wave, hook: false, diff: [] } as const;
  const kept = whyKept(object, defaultDelete);
  if (kept !== undefined) return { ...row, change: 'unchanged', note: kept };
  if (!wantsConfirmation(object, defaultDelete)) return { ...row, change: 'prune', note: '' };
  return { ...row, change: 'prune', note: `${ASKS} (Delete=confirm)`, asksConfirmation: true };
}

const strangerRow = (task: string, object: KubeObject): PreflightRow => ({
  ...{ task, phase: 'Delete', wave: declaredWave(object).wave, hook: false, diff: [] },
  change: 'unchanged',
  note: 'stays: it does not carry the tracking annotation of this application',
});

/** What the user must be allowed to look at: the kinds of the manifests. */
export function deletionLooks({ objects, namespace }: SyncRequest, session: Session): AccessRequest[] {
  return objects.flatMap((object): AccessRequest[] => {
    const found = session.discovered(gvkOf(object));
    if ('error' in found) return [];
    const place = found.namespaced ? namespaceOf(object) || namespace : '';
    const request = { group: groupOf(object), resource: found.plural, namespace: place };
    return (['get', 'list', 'watch'] as const).map((verb) => ({ verb, ...request }));
  });
}

/** What the user must be allowed to do for it, beside looking. */
export function deletionAccess({ session, cascade }: DeletionQuestion): AccessRequest[] {
  const asked = (object: KubeObject, verb: AccessRequest['verb']): AccessRequest[] => {
    const found = session.discovered(gvkOf(object));
    if ('error' in found) return [];
    const { namespace } = objectIdOf(object);
    return [{ verb, group: groupOf(object), resource: found.plural, namespace: found.namespaced ? namespace : '' }];
  };
  return [
    ...session.deleteHooks.flatMap((hook) => [...asked(hook, 'create'), ...asked(hook, 'delete')]),
    ...(cascade ? [...session.owned().values()].flatMap((object) => asked(object, 'delete')) : []),
  ];
}

/** Why there is nothing to confirm. */
export function deletionBlockers({ request, session }: DeletionQuestion, unseen: Inventory['unseen']): string[] {
  if (session.owned().size > 0 || session.deleteHooks.length > 0) return [];
  const looked = unseen.length === 0 ? '' : ` (${counted(unseen.length, 'kind')} could not be looked for)`;
  return [
    `Nothing in namespace ${request.namespace} or outside of namespaces carries the tracking annotation of ${request.application}${looked}: there is nothing to delete.`,
  ];
}

/** The confirmation of a deletion. */
export function deletionPreflight(
  question: DeletionQuestion,
  found: {
    readonly warnings: readonly string[];
    readonly blockers: readonly string[];
    readonly unseen: Inventory['unseen'];
  },
): Preflight {
  const { request, identity, session, cascade } = question;
  const unknown = DELETE_PHASES.flatMap((phase) =>
    session.deleteHooks
      .filter((hook) => deletePhases(hook).includes(phase) && 'error' in session.discovered(gvkOf(hook)))
      .map(
        (hook) =>
          `The cluster does not know the kind of the ${phase} hook ${kindOf(hook)}/${nameOf(hook)}. Take it out, or install its definition.`,
      ),
  );
  return {
    cluster: identity,
    application: request.application,
    namespace: request.namespace,
    revision: request.revision.text,
    deletes: true,
    notRun: [],
    options: cascade ? [] : ['the hooks alone: resources stay'],
    rows: deletionRows(question),
    warnings: [...request.warnings, ...found.warnings, ...unseenTexts(found.unseen)],
    blockers: [...request.blockers, ...found.blockers, ...unknown],
    additions:
      session.deleteHooks.length === 0
        ? []
        : [`annotation argocd.argoproj.io/tracking-id: ${request.application}:…, on the hooks that are created`],
  };
}
