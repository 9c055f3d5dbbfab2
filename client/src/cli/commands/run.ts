import type { Application, Service, SyncSource } from '#service';
import type { LintService } from '#service/lint';
import { tasksOf } from '#core/plan/query';
import type { OperationRequest } from '#core/sync/options';
import { findingTexts, leftOutTexts } from '../../sync/before.ts';
import type { Clock, Cluster } from '../../sync/cluster.ts';
import type { OperationChoices } from '../../sync/model.ts';
import type { Preflight } from '../../sync/events.ts';
import { exitCodeOf } from '../../sync/exit-code.ts';
import { refusedText } from '../../sync/refused.ts';
import type { Answer, SyncPorts, SyncRequest } from '../../sync/request.ts';
import type { StoredOperations } from '../../sync/recorder.ts';
import type { SyncEnd } from '../../sync/run.ts';
import { runSync } from '../../sync/runner.ts';
import { Stop, type Signal } from '../../sync/signal.ts';
import { UsageError, type Call } from '../args.ts';
import { configOf, type Config } from '../config.ts';
import { readControl, type Controller } from '../control.ts';
import { backoffOf, duration, operationOf, positive, wholeNumber } from '../operation-flags.ts';
import { harmless, type Output } from '../output.ts';
import { revisionOf } from '../revision.ts';
import { onInterrupt } from '../signals.ts';
import { openApplications, STDIN, theApplication } from '../workspace.ts';
import { jsonPrinter, textPrinter } from './events.ts';

/** What a run needs of the place where it runs. */
export interface Place {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly request: Pick<SyncRequest, 'furtherKinds' | 'warnings'> &
    Partial<Pick<SyncRequest, 'horizon' | 'waitsForever' | 'argocd' | 'deletion' | 'adopts' | 'retry' | 'backoff'>>;
  /** Runs the sync; absent: as `runSync` does, once. */
  readonly run?: typeof runSync;
  /** The question is put to a person, whose yes is the confirmation that `Prune=confirm` asks for. */
  readonly asksPerson?: boolean;
  /** Where operations are kept; absent: nowhere. */
  readonly operations?: StoredOperations;
  /** This machine and process, for the Lease of a cluster. */
  readonly holder?: string;
  /** Said when the place does not answer for a while. */
  readonly slow?: string;
  /** Asks, where neither a flag nor a controlling program answers. The answer may be other options. */
  confirm(preflight: Preflight, interrupt: Signal): Promise<boolean | OperationChoices>;
}

/** What runs. */
export interface Opening {
  readonly application: Application;
  readonly source: SyncSource;
  readonly operation: OperationRequest;
  /** All applications of the working folder, of which it is one. */
  readonly all: readonly Application[];
  readonly config: Config;
}

/** Opens the place where an application runs. */
export type Open = (opening: Opening) => Promise<Place>;

/** Who decides about a preflight. */
type Deciding = Pick<SyncPorts, 'revised'> & { answer(preflight: Preflight): Promise<Answer> };

const controlledBy = ({ decisions }: Controller): Deciding => ({
  answer: ({ edition }) => decisions.answer(edition),
  revised: ({ edition }) => decisions.revised(edition),
});

/** What is impossible is not asked about. */
function decidedAt(place: Place, interrupt: Signal): Deciding {
  let latest: Promise<boolean | OperationChoices> = Promise.resolve(false);
  const never = <T>(): Promise<T> => new Promise<T>(() => undefined);
  return {
    async answer(preflight) {
      latest = preflight.blockers.length > 0 ? Promise.resolve(false) : place.confirm(preflight, interrupt);
      const decision = await latest;
      return typeof decision === 'boolean' ? decision : never();
    },
    ...(place.asksPerson === true
      ? {
          async revised() {
            const decision = await latest;
            return typeof decision === 'boolean' ? never() : decision;
          },
        }
      : {}),
  };
}

/** Milliseconds after which it is said that the place does not answer. */
const PATIENCE = 2000;

/** Reads the application, opens the place where it runs, and runs it. The answer is the exit code. */
export async function run({ flags, paths }: Call, output: Output, open: Open): Promise<number> {
  const json = flags.oneOf('format', ['text', 'json'], 'text') === 'json';
  const controlled = flags.has('control');
  if (controlled && paths.includes(STDIN))
    throw new UsageError('- and --control cannot go together: both read the standard input');
  const wanted = flags.get('application');
  const config = await configOf(flags);
  const opened = await openApplications(paths, config, wanted);
  const application = theApplication(opened, wanted);
  const source = opened.service.source(application);
  const refused = refusedText(application.name, source.refused);
  if (refused !== undefined) throw new UsageError(refused);
  if (!controlled) for (const text of leftOut(opened.service, application)) output.message(harmless(text));
  const operation = operationOf(flags, application.syncOptions);
  const backoff = backoffOf(flags);
  const objects = source.objects.map(({ object }) => object);
  const place = await open({ application, source, operation, all: opened.service.applications(), config });
  const approved = new Stop();
  const argocdApproved = new Stop();
  if (flags.has('confirm-deletion')) for (const one of [approved, argocdApproved]) one.stop();
  const interruption = onInterrupt((text) => output.message(text));
  const controller = controlled
    ? readControl(
        process.stdin,
        () => interruption.stop.stop(),
        () => argocdApproved.stop(),
      )
    : undefined;
  const decisions = controller ? controlledBy(controller) : decidedAt(place, interruption.stop);
  const slow = place.slow;
  const patience = slow === undefined ? undefined : setTimeout(() => output.message(slow), PATIENCE);
  const findings = ruleWarnings(opened.service, application, place.request.deletion !== undefined);
  // Where nobody is asked, nobody sees the confirmation; findings of the rules are for `lint` to tell then.
  const isShown = controlled || place.asksPerson === true;
  const warn = ({ warnings, blockers }: Preflight): void => {
    if (blockers.length === 0)
      for (const text of warnings) if (!findings.includes(text)) output.message(harmless(`! ${text}`));
  };
  const printer = json ? jsonPrinter(output, controlled) : textPrinter(output, () => place.clock.now());
  try {
    const end = await (place.run ?? runSync)(
      {
        application: application.name,
        namespace: flags.get('namespace') ?? application.namespace,
        objects,
        operation,
        ...(application.policy ? { ignoreDifferences: application.policy.ignoreDifferences } : {}),
        revision: await revisionOf(process.cwd(), application.files, objects),
        ...(paths.includes(STDIN) ? {} : { source: { folder: process.cwd(), path: application.path } }),
        retry: wholeNumber(flags, 'retry') ?? 0,
        retryIsChosen: flags.has('retry'),
        ...(backoff === undefined ? {} : { backoff }),
        ...optional('waveDelay', positive(flags, 'wave-delay'), 1000),
        ...optional('timeout', duration(flags, 'timeout'), 1),
        blockers: [],
        ...place.request,
        warnings: [...place.request.warnings, ...findings],
        leftOut: leftOut(opened.service, application),
      },
      {
        cluster: place.cluster,
        clock: place.clock,
        emit: (event) => {
          clearTimeout(patience);
          if (event.type === 'preflight' && !isShown) warn(event.preflight);
          printer.show(event);
        },
        confirm: async (preflight) => {
          const yes = await decisions.answer(preflight);
          // A person has seen what is deleted, each object by its name.
          if (yes && (controlled || place.asksPerson === true)) approved.stop();
          return yes;
        },
        ...(decisions.revised ? { revised: decisions.revised } : {}),
        approved,
        argocdApproved,
        terminate: interruption.stop,
        operations: place.operations,
        holder: place.holder,
      },
    );
    if (json && end.kind === 'not-resumed')
      printer.show({ type: 'error', time: new Date().toISOString(), message: end.message, exitCode: exitCodeOf(end) });
    return exitCode(end, interruption.interrupted(), output);
  } catch (error) {
    if (interruption.interrupted()) return 130;
    const message = error instanceof Error ? error.message : 'an unknown error';
    if (json) printer.show({ type: 'error', time: new Date().toISOString(), message, exitCode: 2 });
    throw error;
  } finally {
    clearTimeout(patience);
    printer.close();
    controller?.close();
    interruption.release();
  }
}

const leftOut = (service: Service, application: Application): string[] =>
  leftOutTexts(service.plan(application).skipped);

/** What the rules find in the files of an application; for a deletion in those that have hooks of it. */
function ruleWarnings(service: LintService, application: Application, isDeletion: boolean): string[] {
  const { phases } = service.plan(application).plans.delete;
  const hooks = phases.flatMap(({ waves }) => waves.flatMap(tasksOf));
  const concerned = new Set(hooks.map(({ file }) => file));
  const found = application.files
    .filter((file) => !isDeletion || concerned.has(file))
    .flatMap((file) => service.findings(file))
    .filter(({ severity }) => severity === 'error' || severity === 'warning');
  return findingTexts(found, 'argocd-hooks lint shows all.');
}

const optional = <K extends string>(key: K, value: number | undefined, factor: number): Partial<Record<K, number>> =>
  value === undefined ? {} : ({ [key]: value * factor } as Record<K, number>);

function exitCode(end: SyncEnd, interrupted: boolean, output: Output): number {
  if (end.kind === 'blocked') output.message(end.blockers.join('\n'));
  if (end.kind === 'refused') output.message('Nothing was written.');
  if ('message' in end) output.message(harmless(end.message));
  return interrupted && (end.kind === 'refused' || end.kind === 'finished') ? 130 : exitCodeOf(end);
}
