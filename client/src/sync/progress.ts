import { keyOf } from '#core/object';
import type { Action, OperationState, PassOutcome, ResourceResult, Response, TaskView } from '#core/sync/model';
import type { RunEvent } from './events.ts';
import { Stopwatch } from './measure.ts';
import type { Redactor } from './redact.ts';

/** RFC 3339 in UTC with milliseconds. */
export const rfc3339 = (ms: number): string => new Date(ms).toISOString();

const WRITES = {
  apply: 'apply',
  create: 'create',
  replace: 'replace',
  update: 'update',
  'update-finalizers': 'update',
  'patch-managed-fields': 'patch',
  prune: 'delete',
  delete: 'delete',
} as const;

const isWrite = (verb: string): verb is keyof typeof WRITES => Object.hasOwn(WRITES, verb);

interface Around {
  now(): number;
  emit(event: RunEvent): void;
  readonly redactor: Redactor;
  /** Key of a task's object as it stands in the cluster. */
  keyOf(view: TaskView): string;
  /** When the last news of an object came. */
  changedAt(key: string): number | undefined;
}

const groupText = ({ phase, wave }: TaskView): string => `${phase} ${wave}`;

/** Tells of an operation what has changed since it was last told, and takes the times. */
export class Progress {
  readonly stopwatch = new Stopwatch();
  readonly #around: Around;
  readonly #written = new Map<string, number>();
  #operation: OperationState | undefined;
  #retry = 0;
  #told = new Map<string, string>();
  /** The results of the pass before, of which most stay as they are. */
  #before: readonly ResourceResult[] = [];

  constructor(around: Around) {
    this.#around = around;
  }

  time(): string {
    return rfc3339(this.#around.now());
  }

  /** The phase or message of the operation, if it is another one. */
  operation(state: OperationState): void {
    if (state.phase === this.#operation?.phase && state.message === this.#operation.message) return;
    this.#operation = state;
    const message = this.#around.redactor.hide(state.message);
    const retry = this.#retry === 0 ? {} : { retry: this.#retry };
    this.#around.emit({ type: 'operation', time: this.time(), phase: state.phase, message, ...retry });
  }

  /** A request was answered: told where it has written something. */
  answered(action: Action, key: string, response: Response): void {
    if (response.error !== undefined || action.dryRun !== undefined || !isWrite(action.verb)) return;
    this.#written.set(key, this.#around.now());
    if (response.message?.endsWith(' unchanged') === true) return;
    this.wrote(WRITES[action.verb], key);
  }

  /** An object was written. */
  wrote(verb: (typeof WRITES)[keyof typeof WRITES], object: string): void {
    this.#around.emit({ type: 'write', time: this.time(), verb, object, dryRun: false });
  }

  /** A pass has ended: the tasks whose result is another one, and the operation. */
  passed({ tasks, results, operation }: PassOutcome): void {
    const news = results.filter((result, index) => !isSame(result, this.#before[index]));
    this.#before = results;
    if (news.length > 0) {
      const views = new Map(tasks.map((view) => [resultKey(view, view.phase), view]));
      for (const result of news) {
        const view = views.get(resultKey(result, result.syncPhase));
        if (view) this.#task(view, result);
      }
    }
    this.operation(operation);
  }

  /** The results are dropped and everything runs again. */
  nextAttempt(): void {
    this.#retry++;
    this.#told = new Map();
    this.#before = [];
    this.#written.clear();
    this.stopwatch.nextAttempt();
  }

  #task(view: TaskView, result: ResourceResult): void {
    const task = this.#around.keyOf(view);
    this.#measure(view, result, task);
    const message = this.#around.redactor.hide(result.message);
    const state = [result.status, result.hookPhase, message].join('\n');
    const key = `${view.phase} ${task}`;
    if (this.#told.get(key) === state) return;
    this.#told.set(key, state);
    const { phase, wave } = view;
    const { status, hookPhase } = result;
    this.#around.emit({ type: 'task', time: this.time(), task, phase, wave, status, hookPhase, message });
  }

  #measure(view: TaskView, result: ResourceResult, task: string): void {
    const written = this.#written.get(task);
    if (written === undefined) return;
    this.stopwatch.start(task, groupText(view), written);
    if (['Succeeded', 'Failed', 'Error'].includes(result.hookPhase))
      this.stopwatch.stop(task, groupText(view), this.#around.changedAt(task) ?? written);
  }
}

/** Is it the result of the same task, and the same result? */
const isSame = (a: ResourceResult, b: ResourceResult | undefined): boolean =>
  b !== undefined && (a === b || FIELDS.every((field) => a[field] === b[field]));
const FIELDS = ['name', 'kind', 'namespace', 'group', 'syncPhase', 'status', 'hookPhase', 'message'] as const;

const resultKey = (
  { group, kind, namespace, name }: Pick<ResourceResult, 'group' | 'kind' | 'namespace' | 'name'>,
  phase: string,
): string => `${keyOf({ group, kind, namespace, name })} ${phase}`;

/** Results with the values of Secrets taken out of their messages. */
export const withoutSecrets = (results: readonly ResourceResult[], redactor: Redactor): ResourceResult[] =>
  results.map((result) => ({ ...result, message: redactor.hide(result.message) }));
