import { objectLabel } from '#core/plan/words';
import type { ApplicationRef } from '#protocol';
import type { RunEvent } from '../../sync/events.ts';
import { applicationId } from '../plan/node.ts';

type LogEvent = Extract<RunEvent, { type: 'log' }>;

/** So many operations keep the logs of their hooks. */
const OPERATIONS = 10;
/** Characters that one log holds at most; then its older half goes. */
const LONGEST = 2_000_000;
/** Characters that all logs hold together at most; then those of the oldest operations go. */
const ALL = 30_000_000;

/** The log of one hook in one operation. It grows, and is kept when the hook is gone. */
export interface HookLog {
  /** Path of its document: `/1/batch/Job/shop/db-migration (shop).log`. */
  readonly path: string;
  readonly application: ApplicationRef;
  /** `group/Kind/namespace/name`. */
  readonly task: string;
  /** `kind-dev`, or `simulation`. */
  readonly place: string;
  /** When the operation began, in milliseconds since 1970. */
  readonly startedAt: number;
  readonly lines: number;
}

interface Kept extends HookLog {
  lines: number;
  text: string;
  /** Whose lines came last: a line tells when others follow. */
  speaker: string;
}

/** An operation whose hooks say something. */
export interface LoggedOperation {
  /** Takes a line in; gives the log, and whether it is its first. */
  add(event: LogEvent): { readonly log: HookLog; readonly isFirst: boolean };
  /** What follows belongs to a further attempt. */
  retries(number: number): void;
}

/** Controls that a terminal would obey: colors first, then each other one. A document shows the rest. */
const COLORS = /\p{Cc}\[[\d;?]*[ -/]*[@-~]/gu;
const CONTROLS = /[^\P{Cc}\t]/gu;

/** The logs of hooks, one for each hook of an operation, for the last operations. They hold what pods wrote and nothing else. */
export class HookLogs {
  readonly #changed: (path: string) => void;
  #logs: Kept[] = [];
  #number = 0;

  /** @param changed a log has other text than before */
  constructor(changed: (path: string) => void) {
    this.#changed = changed;
  }

  /** Newest operation first, in each the hook first that spoke first. */
  get all(): readonly HookLog[] {
    return this.#logs.toSorted((a, b) => Number(operationOf(b)) - Number(operationOf(a)));
  }

  /** @param now in milliseconds since 1970 */
  begin(application: ApplicationRef, place: string, now: number): LoggedOperation {
    const operation = ++this.#number;
    let retry = 0;
    return {
      retries: (number) => {
        retry = number;
      },
      add: ({ task, container, line }) => {
        const path = pathOf(operation, task, application.name);
        const known = this.#logs.find((log) => log.path === path);
        const log = known ?? { path, application, task, place, startedAt: now, lines: 0, text: '', speaker: '' };
        if (!known) this.#logs.push(log);
        const speaker = [retry === 0 ? '' : `retry ${retry}`, container].filter((part) => part !== '').join(', ');
        const head = speaker === log.speaker || speaker === '' ? '' : `── ${speaker} ──\n`;
        log.speaker = speaker;
        log.lines++;
        log.text = shortened(`${log.text}${head}${plain(line)}\n`);
        if (!known) this.#forget(operation);
        this.#changed(path);
        return { log, isFirst: !known };
      },
    };
  }

  /** What a document shows; undefined: it is not kept any more. */
  textOf(path: string): string | undefined {
    return this.#logs.find((log) => log.path === path)?.text;
  }

  /** The log of an object in the newest operation of its application in which it said something. */
  find(application: ApplicationRef, task: string): HookLog | undefined {
    const id = applicationId(application);
    return this.#logs.findLast((log) => log.task === task && applicationId(log.application) === id);
  }

  /** Lets go of the oldest operations. The one that runs stays. */
  #forget(running: number): void {
    const isKept = (log: Kept, first: number): boolean => Number(operationOf(log)) >= first;
    let first = running - OPERATIONS + 1;
    const size = (): number => this.#logs.reduce((sum, log) => sum + (isKept(log, first) ? log.text.length : 0), 0);
    while (first < running && size() > ALL) first++;
    this.#logs = this.#logs.filter((log) => isKept(log, first));
  }
}

const operationOf = ({ path }: HookLog): string => path.split('/')[1] ?? '';

/** The file's name is what its tab says: `db-migration (shop).log`. */
function pathOf(operation: number, task: string, application: string): string {
  const [group = '', kind = '', namespace = '', ...name] = task.split('/');
  const file = `${name.join('-')} (${application}).log`;
  return `/${[String(operation), group, kind, namespace, file].filter((part) => part !== '').join('/')}`;
}

/** A line without what only a terminal understands. */
const plain = (line: string): string => line.replace(COLORS, '').replace(CONTROLS, '\uFFFD');

const GONE = '… earlier lines are not kept\n';

function shortened(text: string): string {
  if (text.length <= LONGEST) return text;
  const from = text.indexOf('\n', text.length - LONGEST / 2) + 1;
  return GONE + text.slice(from);
}

/** `Job db-migration (shop)`. */
export const logLabel = ({ task, application }: HookLog): string => `${objectLabel(task)} (${application.name})`;
