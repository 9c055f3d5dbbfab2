import type { KubeObject } from '../../object.ts';
import { conditionsOf } from '../fields.ts';
import { degraded, healthy, progressing, type Health } from '../model.ts';

/** The first condition of a type that is true or false decides; until then the object is progressing. */
export function byCondition(object: KubeObject, type: string, waiting: string): Health {
  const decided = conditionsOf(object).find(
    (condition) => condition.type === type && (condition.status === 'True' || condition.status === 'False'),
  );
  if (!decided) return progressing(waiting);
  return decided.status === 'True' ? healthy(decided.message) : degraded(decided.message);
}

/** Source: resource_customizations/cert-manager.io/Certificate/health.lua. */
export function certificateHealth(object: KubeObject): Health {
  const issuing = conditionsOf(object).find(({ type, status }) => type === 'Issuing' && status === 'True');
  return issuing ? progressing(issuing.message) : byCondition(object, 'Ready', 'Waiting for certificate');
}

/** Sources: the scripts of cert-manager.io, external-secrets.io and bitnami.com in resource_customizations. */
export const issuerHealth = (object: KubeObject): Health => byCondition(object, 'Ready', 'Initializing issuer');
export const externalSecretHealth = (object: KubeObject): Health =>
  byCondition(object, 'Ready', 'Waiting for ExternalSecret');
export const secretStoreHealth = (object: KubeObject): Health =>
  byCondition(object, 'Ready', 'Waiting for SecretStore');
export const sealedSecretHealth = (object: KubeObject): Health =>
  byCondition(object, 'Synced', 'Waiting for Sealed Secret to be decrypted');
