import type { HealthResult } from '#core/health/model';
import { isObject, isTerminating, kindOf, metadataOf, uidOf, type Json, type KubeObject } from '#core/object';
import { imagesOf } from '#core/sync/results';
import type { Action, Response } from '#core/sync/model';
import { writesNothing } from './drive.ts';
import { textOf } from './json.ts';
import type { JournalEntry, Stub } from './record.ts';

type Entry = { -readonly [K in keyof JournalEntry]: JournalEntry[K] };

const WRITES: ReadonlySet<string> = new Set(['apply', 'create', 'replace', 'update']);
const isDeletion = (verb: string): boolean => verb === 'delete' || verb === 'prune';

/** What the journal needs to know of the cluster. */
export interface Seen {
  keyOf(action: Action): string;
  live(key: string): KubeObject | undefined;
  health(object: KubeObject): HealthResult;
}

/**
 * The requests of one pass. With those of a pass that was cut off it lets a new pass go the same way: the new pass sees
 * what we wrote, and what we deleted, as it was before, and is answered as the first one was. So nothing whose answer is
 * known is sent twice, and its result is the same.
 */
export class Journal {
  readonly #entries: Entry[];
  readonly #old: ReadonlySet<Entry>;
  readonly #byAction = new Map<Action, Entry>();
  readonly #claimed = new Set<Entry>();

  constructor(entries: readonly JournalEntry[] = []) {
    this.#entries = entries.map((entry) => ({ ...entry }));
    this.#old = new Set(this.#entries);
  }

  get entries(): readonly JournalEntry[] {
    return this.#entries;
  }

  /** It goes on with a pass that was cut off. */
  get isResumed(): boolean {
    return this.#old.size > 0;
  }

  /** Requests are about to be made. True where there are any that write. */
  intend(actions: readonly Action[], seen: Seen): boolean {
    const writes = actions.filter((action) => !writesNothing(action));
    for (const action of writes) this.#byAction.set(action, this.#claim(action, seen));
    return writes.length > 0;
  }

  answered(action: Action, { message, error, reason }: Response): void {
    const entry = this.#byAction.get(action);
    if (entry)
      entry.answer = {
        ...(message === undefined ? {} : { message }),
        ...(error === undefined ? {} : { error }),
        ...(reason === undefined ? {} : { reason }),
      };
  }

  /** What a request is answered without being made again; undefined: it has to be made. */
  known(action: Action, seen: Seen): Response | undefined {
    if (!this.isResumed) return undefined;
    const key = seen.keyOf(action);
    if (action.verb === 'get' || action.verb === 'get-namespace') {
      const hidden = [...this.#old].some((entry) => hides(entry, key) && !this.#claimed.has(entry));
      return hidden ? { error: `${key} was not there`, reason: 'NotFound' } : undefined;
    }
    // It stands there by now, and went well when it was tried.
    if (action.dryRun !== undefined) return [...this.#old].some((entry) => hides(entry, key)) ? {} : undefined;
    const entry = this.#byAction.get(action);
    if (!entry || !this.#old.has(entry)) return undefined;
    if (entry.answer) return entry.answer;
    if (isDeletion(entry.verb)) return uidOf(seen.live(key) ?? {}) === entry.seen ? undefined : {};
    // It did not exist when we asked for it, and does now: only a create would be refused for that.
    const live = seen.live(key);
    return entry.verb === 'create' && entry.seen === '' && live
      ? { object: live, message: createdText(key) }
      : undefined;
  }

  /** The live objects as they stood when the pass that was cut off began, as far as we have changed them. */
  view(live: ReadonlyMap<string, KubeObject>): ReadonlyMap<string, KubeObject> {
    if (!this.isResumed) return live;
    const view = new Map(live);
    // The last request first, so that of several on one object the state before the first one stays.
    for (const entry of [...this.#old].reverse()) {
      if (hides(entry, entry.key)) view.delete(entry.key);
      const { stub } = entry;
      if (stub === undefined || entry.answer?.error !== undefined) continue;
      const now = view.get(entry.key);
      const stands = now !== undefined && uidOf(now) === entry.seen && !isTerminating(now);
      if (!stands) view.set(entry.key, ghostOf(entry, stub));
    }
    return view;
  }

  /** Health that an object had when we deleted it; undefined where it is not such a one. */
  health(object: KubeObject): HealthResult | undefined {
    if (!this.isResumed) return undefined;
    const uid = uidOf(object);
    const entry = [...this.#old].find(({ stub, seen }) => stub !== undefined && seen === uid);
    return entry && metadataOf(object)['resourceVersion'] === undefined ? entry.stub?.health : undefined;
  }

  #claim(action: Action, seen: Seen): Entry {
    const key = seen.keyOf(action);
    const { verb, object } = action;
    const uid = isDeletion(verb) ? uidOf(object) : uidOf(seen.live(key) ?? {});
    const known = this.#entries.find(
      (entry) =>
        entry.verb === verb &&
        entry.key === key &&
        !this.#claimed.has(entry) &&
        (!isDeletion(verb) || entry.seen === uid),
    );
    const entry: Entry = known ?? { verb, key, seen: uid };
    if (!known) {
      if (isDeletion(verb)) entry.stub = stubOf(object, seen.health(object));
      this.#entries.push(entry);
    }
    this.#claimed.add(entry);
    return entry;
  }
}

/** Was the object not there before this request, and is there by it, for all we know? */
const hides = ({ verb, key, seen, answer }: JournalEntry, asked: string): boolean =>
  WRITES.has(verb) && key === asked && seen === '' && answer?.error === undefined;

function stubOf(object: KubeObject, health: HealthResult): Stub {
  const annotations = metadataOf(object)['annotations'];
  const kept = Object.entries(isObject(annotations) ? annotations : {}).filter(
    (pair): pair is [string, string] =>
      /^(?:argocd\.argoproj\.io|helm\.sh)\//.test(pair[0]) && typeof pair[1] === 'string',
  );
  const apiVersion = textOf(object['apiVersion']);
  return { apiVersion, kind: kindOf(object), annotations: Object.fromEntries(kept), images: imagesOf(object), health };
}

/** What is needed of a deleted object to go through its deletion once more. */
function ghostOf({ key, seen }: JournalEntry, { apiVersion, kind, annotations, images }: Stub): KubeObject {
  const [, , namespace = '', ...name] = key.split('/');
  const place: Record<string, Json> = namespace === '' ? {} : { namespace };
  return {
    apiVersion,
    kind,
    metadata: { name: name.join('/'), ...place, uid: seen, annotations: { ...annotations } },
    spec: { containers: images.map((image) => ({ image })) },
  };
}

/** What kubectl says of an object that it has created. */
function createdText(key: string): string {
  const [group = '', kind = '', , ...name] = key.split('/');
  return `${kind.toLowerCase()}${group === '' ? '' : `.${group}`}/${name.join('/')} created`;
}
