import { IgnoreDifferences } from '#core/ignore/ignore';
import type { IgnoreRule } from '#core/ignore/rules';
import { gvkOf, keyOf, nameOf, namespaceOf, objectIdOf, resourceVersionOf, type KubeObject } from '#core/object';
import type { Cluster } from './cluster.ts';
import type { Signal } from './signal.ts';

/** What the `ignoreDifferences` of an application's Application say of its live objects. */
export class Ignoring {
  readonly #rules: IgnoreDifferences;
  readonly #cluster: Cluster;
  readonly #signal: Signal;
  /** Live objects with all of their managedFields, which elsewhere are cut down. */
  readonly #whole = new Map<string, KubeObject>();

  constructor(rules: readonly IgnoreRule[], cluster: Cluster, signal: Signal) {
    this.#rules = new IgnoreDifferences(rules);
    this.#cluster = cluster;
    this.#signal = signal;
  }

  /** What a person should know: expressions that are not understood here. */
  get notes(): string[] {
    return this.#rules.notUnderstood.map(
      (expression) =>
        `ignoreDifferences has a jq expression that is not understood here, so what it leaves out is compared: ${expression}`,
    );
  }

  /** Reads the objects of which it counts who manages which field, if they have changed since. */
  async read(live: ReadonlyMap<string, KubeObject>): Promise<void> {
    const wanted = [...live].filter(([key, object]) => {
      const version = resourceVersionOf(this.#whole.get(key) ?? {});
      return this.#rules.ofObject(object)?.needsManagers === true && version !== resourceVersionOf(object);
    });
    const reading = wanted.map(async ([key, object]) => {
      try {
        const whole = await this.#cluster.read(gvkOf(object), namespaceOf(object), nameOf(object), this.#signal);
        if (whole) this.#whole.set(key, whole);
      } catch {
        // Without it the fields of managers are compared as all others.
      }
    });
    await Promise.all(reading);
  }

  /** Both objects without what is ignored; undefined where nothing is. */
  without(live: KubeObject, other: KubeObject): readonly [live: KubeObject, other: KubeObject] | undefined {
    return this.#rules.ofObject(live)?.without(this.#asRead(live), other);
  }

  /** The target with what is ignored as it is in the live object. */
  keeping(target: KubeObject, live: KubeObject): KubeObject {
    return this.#rules.ofObject(live)?.keeping(target, this.#asRead(live)) ?? target;
  }

  #asRead(live: KubeObject): KubeObject {
    const whole = this.#whole.get(keyOf(objectIdOf(live)));
    return whole && resourceVersionOf(whole) === resourceVersionOf(live) ? whole : live;
  }
}
