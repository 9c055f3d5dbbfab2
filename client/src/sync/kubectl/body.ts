import { generateNameOf, nameOf, type KubeObject } from '#core/object';
import type { Response } from '#core/sync/model';
import { without } from '../json.ts';
import { generatedNameError, shownName } from '../kubectl-texts.ts';
import { dryRunSuffix } from './rbac.ts';
import type { Mapping } from './requests.ts';

/** kubectl's text for a manifest without a name. Source: k8s.io/kubectl/pkg/cmd/apply/apply.go `applyOneObject`. */
export function namelessError(object: KubeObject): string {
  return generateNameOf(object) === '' ? 'resource name may not be empty' : generatedNameError(object);
}

/** The object as it is sent: a cluster-scoped one without the namespace that the engine gave it. */
export function bodyOf(object: KubeObject, mapping: Mapping): KubeObject {
  const metadata = object['metadata'];
  if (mapping.namespaced || typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) return object;
  return { ...object, metadata: without(metadata, 'namespace') };
}

/** What kubectl's dry run on the client says of a creation or a replacement: it asks no server. Source: kubectl create.go, replace.go. */
export function dryRunOnClient(verb: 'create' | 'replace', mapping: Mapping, object: KubeObject): Response {
  const name = nameOf(object);
  if (verb === 'replace' && name === '') return { error: 'resource name may not be empty' };
  return { message: `${shownName(mapping, name)} ${verb}d${dryRunSuffix('client')}` };
}
