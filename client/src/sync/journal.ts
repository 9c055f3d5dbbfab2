import type { HealthResult } from '#core/health/model';
import {
  finalizersOf,
  generateNameOf,
  isObject,
  isTerminating,
  keyOf,
  kindOf,
  metadataOf,
  nameOf,
  objectIdOf,
  uidOf,
  type Json,
  type JsonObject,
  type KubeObject,
} from '#core/object';
import { HOOK_FINALIZER } from '#core/annotations/keys';
import { imagesOf } from '#core/sync/results';
import type { Action, Response } from '#core/sync/model';
import { writesNothing } from './drive.ts';
import { textOf, without } from './json.ts';
import type { JournalEntry, Stub } from './record.ts';

type Entry = { -readonly [K in keyof JournalEntry]: JournalEntry[K] };

const WRITES: ReadonlySet<string> = new Set(['apply', 'create', 'replace', 'update']);
const isDeletion = (verb: string): boolean => verb === 'delete' || verb === 'prune';
/** The object goes with the last of its finalizers. */
const mayEnd = (verb: string): boolean => isDeletion(verb) || verb === 'update-finalizers';

/**
 * Version of objects that are shown as they were. No object of a server has it for long, so that a write of one meets a
 * conflict, and reads it anew, instead of bringing back what was.
 */
const PAST = '1';

/** What the journal needs to know of the cluster. */
export interface Seen {
  keyOf(action: Action): string;
  live(key: string): KubeObject | undefined;
  /** Objects that were created since the operation began, by the beginning of their keys. */
  made(prefix: string): readonly KubeObject[];
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
  /** What requests have left whose names the server made up. */
  readonly #found = new Map<Entry, KubeObject>();
  /** Creations of unknown end that have made what is there now. */
  readonly #recognized = new Set<Entry>();

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
    if (action.dryRun !== undefined) return this.#wasTried ? {} : undefined;
    const entry = this.#byAction.get(action);
    if (!entry || !this.#old.has(entry)) return isOfGhost(action, seen.live(key)) ? {} : undefined;
    const found = this.#found.get(entry);
    if (entry.answer) return found ? { ...entry.answer, object: found } : entry.answer;
    const live = seen.live(key) ?? found;
    if (mayEnd(entry.verb)) {
      const stands = live !== undefined && uidOf(live) === entry.seen;
      return stands && (isDeletion(entry.verb) || finalizersOf(live).includes(HOOK_FINALIZER)) ? undefined : {};
    }
    // It did not exist when we asked for it, and does now: only a create would be refused for that.
    if (entry.verb !== 'create' || entry.seen !== '' || !live || this.#isOfAnother(entry)) return undefined;
    this.#recognized.add(entry);
    return { object: live, message: createdText(keyOf(objectIdOf(live))) };
  }

  /** Of two creations of one name, as of hooks with equal generated names, only one can have made what is there. */
  #isOfAnother(entry: Entry): boolean {
    const hasMade = (other: Entry): boolean =>
      other.answer ? other.answer.error === undefined : this.#recognized.has(other);
    return [...this.#old].some(
      (other) => other !== entry && other.verb === 'create' && other.key === entry.key && hasMade(other),
    );
  }

  /** Looks for what was created under generated names, each object once. */
  #findAgain(seen: Seen): void {
    const taken = new Set<KubeObject>(this.#found.values());
    for (const entry of this.#old) {
      const { key, generateName, answer } = entry;
      if (generateName === undefined || answer?.error !== undefined || this.#found.has(entry)) continue;
      const object = seen.made(`${key}${generateName}`).find((one) => !taken.has(one));
      if (!object) continue;
      taken.add(object);
      this.#found.set(entry, object);
    }
  }

  /** Dry runs come before everything but the creation of a namespace: they went well, and would meet another state now. */
  get #wasTried(): boolean {
    return [...this.#old].some(({ key }) => !key.startsWith('/Namespace//'));
  }

  /** The live objects as they stood when the pass that was cut off began, as far as we have changed them. */
  view(live: ReadonlyMap<string, KubeObject>, seen: Seen): ReadonlyMap<string, KubeObject> {
    if (!this.isResumed) return live;
    const view = new Map(live);
    this.#findAgain(seen);
    for (const object of this.#found.values()) view.delete(keyOf(objectIdOf(object)));
    // The last request first, so that of several on one object the state before the first one stays.
    for (const entry of [...this.#old].reverse()) {
      if (hides(entry, entry.key)) view.delete(entry.key);
      const { stub } = entry;
      if (stub === undefined || entry.answer?.error !== undefined) continue;
      const now = view.get(entry.key);
      const isSame = now !== undefined && uidOf(now) === entry.seen;
      if (isDeletion(entry.verb)) {
        if (!isSame || isTerminating(now)) view.set(entry.key, ghostOf(entry, stub));
      } else if (now !== undefined && (isSame || !mayEnd(entry.verb))) view.set(entry.key, asItWas(now, stub));
      else if (mayEnd(entry.verb)) view.set(entry.key, ghostOf(entry, stub));
    }
    return view;
  }

  /** Health that an object had when we wrote or deleted it; undefined where it is not such a one. */
  health(object: KubeObject): HealthResult | undefined {
    if (!this.isResumed || metadataOf(object)['resourceVersion'] !== PAST) return undefined;
    const uid = uidOf(object);
    return [...this.#old].find(({ stub, seen }) => stub !== undefined && seen === uid)?.stub?.health;
  }

  #claim(action: Action, seen: Seen): Entry {
    const key = seen.keyOf(action);
    const { verb, object } = action;
    const before = isDeletion(verb) ? object : seen.live(key);
    const uid = uidOf(before ?? {});
    // Those of this pass have been claimed when they were made.
    const former = this.isResumed ? this.#entries : [];
    const known = former.find(
      (entry) =>
        entry.verb === verb &&
        entry.key === key &&
        !this.#claimed.has(entry) &&
        (entry.generateName ?? '') === (nameOf(object) === '' ? generateNameOf(object) : '') &&
        (!isDeletion(verb) || entry.seen === uid),
    );
    const generateName = nameOf(object) === '' ? { generateName: generateNameOf(object) } : {};
    const entry: Entry = known ?? { verb, key, seen: uid, ...generateName };
    if (!known) {
      if (before && (mayEnd(verb) || WRITES.has(verb))) entry.stub = stubOf(before, seen.health(before));
      this.#entries.push(entry);
    }
    this.#claimed.add(entry);
    return entry;
  }
}

/** Would it only end what a pass that was cut off has seen, and what is gone by now? */
const isOfGhost = ({ verb, object }: Action, live: KubeObject | undefined): boolean =>
  mayEnd(verb) &&
  metadataOf(object)['resourceVersion'] === PAST &&
  (live === undefined || uidOf(live) !== uidOf(object));

/** Was the object not there before this request, and is there by it, for all we know? */
const hides = ({ verb, key, seen, answer }: JournalEntry, asked: string): boolean =>
  WRITES.has(verb) && key === asked && seen === '' && answer?.error === undefined;

const annotationsOf = (object: KubeObject): JsonObject => {
  const annotations = metadataOf(object)['annotations'];
  return isObject(annotations) ? annotations : {};
};
/** Does Argo CD read this annotation? */
const isRead = (name: string): boolean => /^(?:argocd\.argoproj\.io|helm\.sh)\//.test(name);

function stubOf(object: KubeObject, health: HealthResult): Stub {
  const kept = Object.entries(annotationsOf(object)).filter(
    (pair): pair is [string, string] => isRead(pair[0]) && typeof pair[1] === 'string',
  );
  return {
    apiVersion: textOf(object['apiVersion']),
    kind: kindOf(object),
    annotations: Object.fromEntries(kept),
    images: imagesOf(object),
    health,
    ...(finalizersOf(object).includes(HOOK_FINALIZER) ? { finalizer: true } : {}),
    ...(isTerminating(object) ? { terminating: true } : {}),
  };
}

/** What a stub tells of an object beside its annotations. */
const pastOf = ({ finalizer, terminating }: Stub, others: readonly string[]): Record<string, Json> => ({
  resourceVersion: PAST,
  finalizers: [...others, ...(finalizer === true ? [HOOK_FINALIZER] : [])],
  ...(terminating === true ? { deletionTimestamp: '1970-01-01T00:00:00Z' } : {}),
});

/** An object that we have written since, with what a pass reads of it as it was before. */
function asItWas(now: KubeObject, stub: Stub): KubeObject {
  const others = Object.entries(annotationsOf(now)).filter(([name]) => !isRead(name));
  const finalizers = finalizersOf(now).filter((name) => name !== HOOK_FINALIZER);
  const annotations = { ...Object.fromEntries(others), ...stub.annotations };
  const metadata = { ...without(metadataOf(now), 'deletionTimestamp'), ...pastOf(stub, finalizers), annotations };
  return { ...now, metadata };
}

/** What is needed of a deleted object to go through its deletion once more. */
function ghostOf({ key, seen }: JournalEntry, stub: Stub): KubeObject {
  const { apiVersion, kind, annotations, images } = stub;
  const [, , namespace = '', ...name] = key.split('/');
  const place: Record<string, Json> = namespace === '' ? {} : { namespace };
  return {
    apiVersion,
    kind,
    metadata: { name: name.join('/'), ...place, uid: seen, ...pastOf(stub, []), annotations: { ...annotations } },
    spec: { containers: images.map((image) => ({ image })) },
  };
}

/** What kubectl says of an object that it has created. */
function createdText(key: string): string {
  const [group = '', kind = '', , ...name] = key.split('/');
  return `${kind.toLowerCase()}${group === '' ? '' : `.${group}`}/${name.join('/')} created`;
}
