import type { Json } from '../core/object.ts';
import { groupInSteps, type GroupingOptions } from './applications.ts';
import { isEqual } from '../core/equal.ts';
import type { FileFacts } from './facts.ts';
import { applicationKey, type Application } from './model.ts';
import type { Steps } from './steps.ts';

/** What is grouped, as it stands now. */
export interface GroupingHost {
  /** Paths of all files, sorted. */
  paths(): readonly string[];
  factsOf(path: string): FileFacts | undefined;
  /** The value of a file's first document; undefined where it cannot be read. */
  valueIn(path: string): Json | undefined;
  options(): Omit<GroupingOptions, 'valueIn'>;
  /** These are the applications from now on. */
  taken(applications: readonly Application[]): void;
}

/** How many files are looked up in one step. */
const FILES_A_STEP = 512;

const NONE: readonly Application[] = [];

/**
 * The applications of a root. They are worked out in steps, which anybody may take: whoever wants to know at once takes
 * all that are left, and who has time takes one after the other. The last ones stand until the new ones are ready.
 */
export class Grouping {
  readonly #host: GroupingHost;
  #applications: readonly Application[] = NONE;
  /** The applications that each file belongs to. */
  #users: ReadonlyMap<string, readonly Application[]> = new Map();
  /** Those that each file decides about without holding a manifest of theirs: values, kustomizations, patches. */
  #decided: ReadonlyMap<string, readonly Application[]> = new Map();
  /** Those that each file declares. */
  #declared: ReadonlyMap<string, readonly Application[]> = new Map();
  /** Files that a generator of an ApplicationSet read. */
  readonly #consulted = new Set<string>();
  #isCurrent = false;
  #wasMade = false;
  #steps: Steps<void> | undefined;

  constructor(host: GroupingHost) {
    this.#host = host;
  }

  /** The applications are as the files say. */
  get isCurrent(): boolean {
    return this.#isCurrent;
  }

  /** They were worked out once. */
  get wasMade(): boolean {
    return this.#wasMade;
  }

  /** The applications as they were worked out last. */
  get last(): readonly Application[] {
    return this.#applications;
  }

  /** The files say something else: the applications have to be worked out anew. */
  outdate(): void {
    this.#isCurrent = false;
    this.#steps = undefined;
  }

  /** Does more than the facts of a file count? */
  dependsOnValueOf(path: string): boolean {
    return this.#consulted.has(path);
  }

  /** The next short step; gives whether the applications are current after it. */
  step(): boolean {
    if (this.#isCurrent) return true;
    const steps = this.#steps ?? this.#work();
    // Where a step fails the next one begins anew.
    this.#steps = undefined;
    if (steps.next().done === true) this.#isCurrent = this.#wasMade = true;
    else this.#steps = steps;
    return this.#isCurrent;
  }

  /** The applications as the files say, worked out at once where they are not current. */
  now(): readonly Application[] {
    while (!this.step());
    return this.#applications;
  }

  /** The applications that a file belonged to when they were worked out last. */
  usersOf(path: string): readonly Application[] {
    return this.#users.get(path) ?? NONE;
  }

  /** Those that it decided about then, without holding a manifest of theirs. */
  decidedBy(path: string): readonly Application[] {
    return this.#decided.get(path) ?? NONE;
  }

  /** Those that it declared then. */
  declaredIn(path: string): readonly Application[] {
    return this.#declared.get(path) ?? NONE;
  }

  /** Lines came or went above Applications: their files stay, so that nothing has to be worked out anew. */
  moveDeclarations({ path, declared }: FileFacts): void {
    const lines = new Map(declared.map(({ name, line }) => [name, line]));
    const moved = new Map<Application, Application>();
    for (const application of this.declaredIn(path)) {
      const line = lines.get(application.name);
      if (line !== undefined && line !== application.declaredIn?.line)
        moved.set(application, { ...application, declaredIn: { file: path, line } });
    }
    // What is being worked out may have taken the line from where it was.
    this.#steps = undefined;
    if (moved.size > 0) this.#take(this.#applications.map((application) => moved.get(application) ?? application));
  }

  *#work(): Steps<void> {
    this.#consulted.clear();
    const facts: FileFacts[] = [];
    for (const [i, path] of this.#host.paths().entries()) {
      const own = this.#host.factsOf(path);
      if (own) facts.push(own);
      if (i % FILES_A_STEP === 0) yield;
    }
    const valueIn = (path: string): Json | undefined => {
      this.#consulted.add(path);
      return this.#host.valueIn(path);
    };
    const found = yield* groupInSteps(facts, { ...this.#host.options(), valueIn });
    yield;
    const before = new Map(this.#applications.map((application) => [applicationKey(application), application]));
    yield;
    const kept: Application[] = [];
    for (const application of found) {
      // Applications that are what they were stay the same objects, so that their plans stay.
      const old = before.get(applicationKey(application));
      kept.push(old && isEqual(old, application) ? old : application);
      yield;
    }
    yield* this.#takeInSteps(kept);
  }

  #take(applications: readonly Application[]): void {
    for (const steps = this.#takeInSteps(applications); steps.next().done !== true;);
  }

  *#takeInSteps(applications: readonly Application[]): Steps<void> {
    const users = new Map<string, Application[]>();
    const decided = new Map<string, Application[]>();
    const declared = new Map<string, Application[]>();
    for (const application of applications) {
      for (const path of application.files) add(users, path, application);
      for (const path of decidersOf(application)) add(decided, path, application);
      if (application.declaredIn) add(declared, application.declaredIn.file, application);
      yield;
    }
    this.#applications = applications;
    this.#users = users;
    this.#decided = decided;
    this.#declared = declared;
    this.#host.taken(applications);
  }
}

/** Files that decide what the sources are rendered to, those that hold its manifests left out. */
function decidersOf({ files, sources }: Application): ReadonlySet<string> {
  const deciders = new Set<string>();
  for (const { inputs, helm } of sources) {
    for (const path of inputs) deciders.add(path);
    for (const { path } of helm?.valueFiles ?? []) if (path !== undefined) deciders.add(path);
    for (const { file } of helm?.fileParameters ?? []) if (file.path !== undefined) deciders.add(file.path);
  }
  for (const path of files) deciders.delete(path);
  return deciders;
}

function add(lists: Map<string, Application[]>, path: string, application: Application): void {
  const list = lists.get(path);
  if (list) list.push(application);
  else lists.set(path, [application]);
}
