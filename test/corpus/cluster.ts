import type { HealthResult } from '#core/health/model';
import { gvkOf, keyOf, objectIdOf, type KubeObject } from '#core/object';
import type { Action, Discovered, Response } from '#core/sync/model';
import type { ApiResource, Case, RecordedOp, RecordedPass } from './case.ts';
import { recordedHealth } from './health.ts';

/** Where health comes from: as it was recorded, or from our own checks. */
export type HealthSource = 'recorded' | 'own';

interface DiscoveryError {
  readonly reason: string;
  readonly message: string;
  times: number;
}

/** The mock cluster of the recording as a case shows it, carried from pass to pass. */
export class RecordedCluster {
  readonly live = new Map<string, KubeObject>();
  readonly #resources = new Map<string, ApiResource>();
  readonly #groupVersions = new Set<string>();
  readonly #errors = new Map<string, DiscoveryError>();
  readonly #health = new Map<KubeObject, HealthResult>();
  readonly #source: HealthSource;
  #answers = new Map<string, RecordedOp[]>();

  constructor(recorded: Case, source: HealthSource) {
    this.#source = source;
    this.#learn(recorded);
  }

  /** Takes over what changed before this pass. */
  begin(pass: RecordedPass): void {
    this.#learn(pass);
    for (const [groupVersion, { reason, message, times }] of Object.entries(pass.discoveryErrors ?? {}))
      this.#errors.set(groupVersion, { reason, message, times });
    for (const object of pass.live?.changed ?? []) {
      const key = keyOf(objectIdOf(object));
      this.live.set(key, object);
      const health = pass.health?.[key];
      if (!health) this.#health.set(object, null);
      else if (health.error !== undefined) this.#health.set(object, { error: health.error });
      else this.#health.set(object, { status: health.status ?? '', message: health.message ?? '' });
    }
    for (const key of pass.live?.gone ?? []) this.live.delete(key);
    this.#answers = new Map();
    for (const op of (pass.batches ?? []).flatMap((batch) => batch.ops ?? [])) {
      const key = requestKey(op);
      this.#answers.set(key, [...(this.#answers.get(key) ?? []), op]);
    }
  }

  /** Health of a live object. What a request has read was not recorded with its health, nor was what the pass changed. */
  health(object: KubeObject): HealthResult {
    const recorded = this.#source === 'recorded' ? this.#health.get(object) : undefined;
    return recorded === undefined ? recordedHealth(object) : recorded;
  }

  discover(group: string, version: string, kind: string): Discovered {
    const groupVersion = group === '' ? version : `${group}/${version}`;
    const failed = `failed to discover server resources for group version ${groupVersion}`;
    const error = this.#errors.get(groupVersion);
    if (error && error.times > 0) {
      error.times--;
      return { error: `${failed}: ${error.message}`, reason: error.reason };
    }
    if (!this.#groupVersions.has(groupVersion))
      return { error: `${failed}: the server could not find the requested resource`, reason: 'NotFound' };
    const found = this.#resources.get(`${groupVersion}/${kind}`);
    return found ?? { error: `${kind}${group === '' ? '' : `.${group}`} "" not found`, reason: 'NotFound' };
  }

  /** The recorded answer to a request, first come, first served; undefined where none is left. */
  answer(action: Action): Response | undefined {
    return this.#answers.get(requestKey(action))?.shift()?.response;
  }

  #learn({ apiResources, groupVersions }: Pick<RecordedPass, 'apiResources' | 'groupVersions'>): void {
    for (const resource of apiResources ?? []) {
      const { group, version, kind } = resource;
      this.#resources.set(`${group === '' ? version : `${group}/${version}`}/${kind}`, resource);
    }
    for (const groupVersion of groupVersions ?? []) this.#groupVersions.add(groupVersion);
  }
}

const requestKey = ({ verb, key, dryRun }: Pick<RecordedOp, 'verb' | 'key' | 'dryRun'>): string =>
  `${verb} ${key} ${dryRun ?? ''}`;

/** Group, version and kind of an object in words. */
export const kindLabel = (object: KubeObject): string => {
  const { group, version, kind } = gvkOf(object);
  return `${group}/${version} ${kind}`;
};
