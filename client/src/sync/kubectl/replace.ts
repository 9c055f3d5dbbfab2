import { metadataOf, nameOf, namespaceOf, resourceVersionOf, type KubeObject } from '#core/object';
import type { Action, Response } from '#core/sync/model';
import { ApiError } from '../api-error.ts';
import { shownName } from '../kubectl-texts.ts';
import type { Signal } from '../signal.ts';
import { dryRunSuffix } from './rbac.ts';
import { removeAndWait } from './remove-and-wait.ts';
import type { Mapping, Requests } from './requests.ts';

const ATTEMPTS = 5;

/**
 * kubectl replace: one PUT on the version that is there; with force, a deletion and a creation.
 * Source: k8s.io/kubectl/pkg/cmd/replace/replace.go `Run`, `forceReplace`.
 * @throws ApiError
 */
export async function replaceObject(
  requests: Requests,
  action: Action,
  mapping: Mapping,
  object: KubeObject,
  { dryRun, signal }: { readonly dryRun: boolean; readonly signal: Signal },
): Promise<Response> {
  const name = nameOf(object);
  const namespace = namespaceOf(object);
  const options = { dryRun, manager: action.manager ?? 'argocd-controller' };
  const replaced = `${shownName(mapping, name)} replaced${dryRunSuffix(dryRun ? 'preview' : 'write')}`;
  for (let attempt = 1; ; attempt++) {
    const live = await requests.get(mapping, namespace, name, signal);
    if (action.force === true && !dryRun) {
      await removeAndWait(requests, mapping, live, 'Background', signal);
      const kind = shownName(mapping, '').slice(0, -1);
      const where = mapping.namespaced ? ` from ${namespace} namespace` : '';
      const created = await requests.create(mapping, object, options, signal);
      return { message: `${kind} "${name}" deleted${where}\n${replaced}`, object: created };
    }
    const metadata = { ...metadataOf(object), resourceVersion: resourceVersionOf(live) };
    try {
      return { message: replaced, object: await requests.put(mapping, { ...object, metadata }, options, signal) };
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 409 || attempt >= ATTEMPTS) throw error;
    }
  }
}
