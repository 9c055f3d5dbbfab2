import { isObject, keyOf, objectIdOf, type JsonObject, type KubeObject } from '#core/object';
import type { Response, Verb } from '#core/sync/model';
import type { AccessRequest, Clock, Cluster, Kind } from './cluster.ts';
import { sha1 } from './content-id.ts';
import { numberOf, textOf } from './json.ts';
import { Stop, type Signal } from './signal.ts';

const LEASE: Kind = { group: 'coordination.k8s.io', version: 'v1', kind: 'Lease' };
/** Seconds without news of a holder after which it counts as gone. */
const DURATION = 60;
/** Milliseconds between renewals. */
const RENEWAL = 15_000;
/** Milliseconds after which a holder that has renewed nothing meanwhile is gone, whatever the clocks say. */
const OBSERVED = 20_000;

const UNWRITTEN = ' Nothing was written from here.';

/** Another operation of the application runs, or has taken over. The message is for a person. */
export class LeaseHeld extends Error {
  override readonly name = 'LeaseHeld';
  /** When it began, milliseconds since 1970. */
  readonly since: number;
  constructor(message: string, since: number) {
    super(message);
    this.since = since;
  }
}

/** What the confirmation says of the Lease: what is added, or why there is none. */
export interface LeaseNote {
  readonly addition?: string;
  readonly warning?: string;
}

export interface LeaseParts {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly application: string;
  readonly namespace: string;
  /** What runs under it. */
  readonly word: 'sync' | 'deletion';
  /** Machine and process, and something that no other process of that number has. */
  readonly holder: string;
  /** Who may have held it for an operation that was cut off; those processes are known to be gone. */
  readonly before?: readonly string[] | undefined;
  readonly signal: Signal;
}

/** Name of an application's Lease: a DNS name, with a hash where the application's own is none. */
export function leaseName(application: string): string {
  const slug = application
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-')
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '');
  const fits = slug === application && slug.length <= 200;
  return `argocd-hooks-${fits ? slug : `${slug.slice(0, 200)}-${sha1(application).slice(0, 8)}`}`;
}

/**
 * One Lease per application, in its destination namespace, held while an operation runs: two runners at once would undo
 * each other's work. It carries no tracking, so that it belongs to no application and is never pruned.
 */
export class OperationLease {
  readonly #parts: LeaseParts;
  readonly #name: string;
  readonly #done: Stop;
  #allowed = true;
  #held: KubeObject | undefined;
  #renewedAt = -Infinity;
  #busy: Promise<void> | undefined;
  #lost: LeaseHeld | undefined;

  constructor(parts: LeaseParts) {
    this.#parts = parts;
    this.#name = leaseName(parts.application);
    this.#done = new Stop(parts.signal);
  }

  /** Before the confirmation: nothing is written. @throws LeaseHeld */
  async look(): Promise<LeaseNote> {
    const { cluster, namespace, application, signal, word } = this.#parts;
    await cluster.discover([LEASE], { refresh: false }, signal);
    const place = { group: LEASE.group, resource: 'leases', namespace };
    const needed = (['get', 'create', 'update', 'delete'] as const).map((verb): AccessRequest => ({ verb, ...place }));
    const denied = await cluster.denied(needed, signal);
    if (denied.length > 0) {
      this.#allowed = false;
      const verbs = denied.map(({ verb }) => verb).join(', ');
      return {
        warning: `You may not ${verbs} leases.coordination.k8s.io in namespace ${namespace}: nothing keeps somebody else from syncing or deleting ${application} at the same time. Make sure that nobody does.`,
      };
    }
    await this.#refuseHeld((await this.#request('get', this.#made())).object);
    return {
      addition: `Lease ${this.#name} in namespace ${namespace} while the ${word} runs${word === 'sync' ? ' (as soon as the namespace is there)' : ''}, by which a ${word === 'sync' ? 'second sync' : 'sync, or a second deletion,'} of ${application} is refused; deleted at the end`,
    };
  }

  /** Takes it, and renews it until it is released. @throws LeaseHeld */
  async acquire(): Promise<void> {
    if (!this.#allowed) return;
    await this.#take();
    void this.#keep();
  }

  /** Before anything is written: after a pause, as of a machine that slept, it is looked at first. @throws LeaseHeld */
  async ensure(): Promise<void> {
    if (!this.#allowed) return;
    if (!this.#held || this.#parts.clock.now() - this.#renewedAt > 2 * RENEWAL) await this.#renewOnce();
    if (this.#lost) throw this.#lost;
  }

  /** Gives it back. Where that fails it expires. */
  async release(): Promise<void> {
    this.#done.stop();
    await this.#busy;
    const held = this.#held;
    this.#held = undefined;
    if (held && !this.#lost) await this.#request('delete', held);
  }

  async #keep(): Promise<void> {
    const { clock } = this.#parts;
    while (!this.#done.aborted) {
      await clock.sleep(RENEWAL, this.#done);
      if (!this.#done.aborted) await this.#renewOnce();
    }
  }

  #renewOnce(): Promise<void> {
    this.#busy ??= this.#renew().finally(() => {
      this.#busy = undefined;
    });
    return this.#busy;
  }

  async #renew(): Promise<void> {
    if (this.#lost) return;
    try {
      const held = this.#held;
      if (!held) return await this.#take();
      const renewed = { ...held, spec: { ...specOf(held), renewTime: this.#time() } };
      const answer = await this.#request('update', renewed);
      if (answer.object) return this.#keeps(answer.object);
      if (answer.reason === 'Conflict' || answer.reason === 'NotFound') {
        this.#held = undefined;
        await this.#take();
      }
    } catch (error) {
      if (!(error instanceof LeaseHeld)) return;
      const stopped = `This ${this.#parts.word} stops here, for it had no news of its own Lease for too long, and nothing more is written by it.`;
      this.#lost = new LeaseHeld(`${error.message.replace(UNWRITTEN, '')}\n${stopped}`, error.since);
    }
  }

  /** A namespace that is made by the sync itself is not there yet: it is tried again. */
  async #take(): Promise<void> {
    for (;;) {
      const found = (await this.#request('get', this.#made())).object;
      await this.#refuseHeld(found);
      const spec = {
        ...this.#spec(),
        leaseTransitions: found ? numberOf(specOf(found)['leaseTransitions'], 0) + 1 : 0,
      };
      const answer = found
        ? await this.#request('update', { ...found, spec })
        : await this.#request('create', { ...this.#made(), spec });
      if (answer.object) return this.#keeps(answer.object);
      if (answer.reason === 'Forbidden') this.#allowed = false;
      if (answer.reason !== 'Conflict' && answer.reason !== 'AlreadyExists') return;
    }
  }

  #keeps(lease: KubeObject): void {
    this.#held = lease;
    this.#renewedAt = this.#parts.clock.now();
  }

  /** @throws LeaseHeld where another process holds it, and lives */
  async #refuseHeld(found: KubeObject | undefined): Promise<void> {
    if (!found || !this.#isOthers(found)) return;
    const { clock, signal } = this.#parts;
    const spec = specOf(found);
    const renewed = Date.parse(textOf(spec['renewTime']));
    const expires = renewed + numberOf(spec['leaseDurationSeconds'], DURATION) * 1000;
    if (!(expires > clock.now())) {
      // The clocks of two machines differ: whoever is there renews it meanwhile.
      await clock.sleep(OBSERVED, signal);
      const later = (await this.#request('get', this.#made())).object;
      if (!later || !this.#isOthers(later) || textOf(specOf(later)['renewTime']) === textOf(spec['renewTime'])) return;
      return this.#refuse(later);
    }
    return this.#refuse(found);
  }

  #isOthers(lease: KubeObject): boolean {
    const { holder, before = [] } = this.#parts;
    const held = textOf(specOf(lease)['holderIdentity']);
    return held !== '' && held !== holder && !before.includes(held);
  }

  #refuse(lease: KubeObject): never {
    const { application, namespace } = this.#parts;
    const spec = specOf(lease);
    const since = Date.parse(textOf(spec['acquireTime']));
    const [machine = 'another machine', process = ''] = textOf(spec['holderIdentity']).split('/');
    const text = (value: string): string => value.slice(0, 19).replace('T', ' ');
    throw new LeaseHeld(
      [
        `Another sync or deletion of ${application} in namespace ${namespace} runs: on ${machine}${process === '' ? '' : `, process ${process}`}, since ${text(textOf(spec['acquireTime']))} UTC (last news ${text(textOf(spec['renewTime']))} UTC).${UNWRITTEN}`,
        `Wait for its end, or terminate it there. If it is gone for good, its Lease expires ${DURATION} seconds after its last news; then start again.`,
        `It is Lease ${this.#name}: kubectl -n ${namespace} get lease ${this.#name} -o yaml`,
      ].join('\n'),
      Number.isFinite(since) ? since : this.#parts.clock.now(),
    );
  }

  #made(): KubeObject {
    const { namespace } = this.#parts;
    const labels = { 'app.kubernetes.io/managed-by': 'argocd-hooks' };
    const apiVersion = `${LEASE.group}/${LEASE.version}`;
    return { apiVersion, kind: LEASE.kind, metadata: { name: this.#name, namespace, labels } };
  }

  #spec(): JsonObject {
    const time = this.#time();
    const { holder } = this.#parts;
    return { holderIdentity: holder, leaseDurationSeconds: DURATION, acquireTime: time, renewTime: time };
  }

  /** As `metav1.MicroTime` is written. */
  #time(): string {
    return new Date(this.#parts.clock.now()).toISOString().replace('Z', '000Z');
  }

  async #request(verb: Verb, lease: KubeObject): Promise<Response> {
    const { cluster, signal } = this.#parts;
    return cluster.perform({ verb, key: keyOf(objectIdOf(lease)), object: lease }, signal);
  }
}

function specOf(lease: KubeObject): JsonObject {
  const { spec } = lease;
  return isObject(spec) ? spec : {};
}
