import { stat } from 'node:fs/promises';
import { groupOf, kindOf, type KubeObject } from '#core/object';
import type { Service } from '#service';
import {
  applyApplication,
  type ApplicationEvent,
  type ApplicationQuestion,
} from '../../sync/argocd/apply-application.ts';
import { Stop } from '../../sync/signal.ts';
import { applicationObject, applicationText, argocdCreate, hasMoreThanFlags } from '../../text/application.ts';
import { agreed, refusesToAsk } from '../agreement.ts';
import { UsageError, type Call, type Flags } from '../args.ts';
import { configOf } from '../config.ts';
import { askYes, ownTerminal } from '../confirm.ts';
import { readControl } from '../control.ts';
import { newApplication, writeManifest } from '../new-application.ts';
import { requireNodeForCluster } from '../node-version.ts';
import { openCluster } from '../open-cluster.ts';
import { harmless, type Output } from '../output.ts';
import { applicationQuestionText } from '../text/application.ts';
import { openApplications, openPaths, readablePaths, STDIN, theApplication } from '../workspace.ts';

/** An Application, and its manifest. */
interface Found {
  readonly object: KubeObject;
  readonly text: string;
}

/** Runs `application`: prints, writes or applies the Argo CD Application of a folder, or the one in a file. */
export async function application(call: Call, output: Output): Promise<number> {
  const { flags } = call;
  const format = flags.oneOf('format', ['yaml', 'argocd', 'json'], 'yaml');
  if (call.paths.includes(STDIN)) throw new UsageError('application reads no manifests from the standard input');
  if (call.paths.length > 1) throw new UsageError('application takes one folder, or one file');
  const found = await find(call, output);
  if (flags.has('apply')) return apply(found.object, flags, output);
  if (flags.has('output') && format !== 'argocd') return 0;
  if (format !== 'argocd') output.data(found.text);
  else {
    if (hasMoreThanFlags(found.object))
      output.message(
        'Its sources say more than the flags of argocd app create that are given here: use argocd app create -f FILE.',
      );
    output.data(`${argocdCreate(found.object)}\n`);
  }
  return 0;
}

async function find({ flags, paths }: Call, output: Output): Promise<Found> {
  const config = await configOf(flags);
  const [given] = paths;
  const isFile = given !== undefined && (await stat(given).catch(() => undefined))?.isFile() === true;
  if (isFile) return fromFile(given, await openPaths(paths, config), (await readablePaths(paths))[0] ?? given);
  const wanted = flags.get('application');
  const source = theApplication(await openApplications(paths, config, wanted), wanted);
  if (source.declaredIn) {
    const { file, line } = source.declaredIn;
    throw new UsageError(
      `${source.name} is declared already, in ${file}:${line}. To apply it: argocd-hooks application --apply ${file}`,
    );
  }
  const made = await newApplication(flags, source);
  const text = applicationText(made);
  const file = flags.get('output');
  if (file !== undefined) {
    await writeManifest(file, text, source.path, made.recurse);
    output.message(`Wrote the Application ${made.name} to ${file}.`);
  }
  return { object: applicationObject(made), text };
}

/** @throws UsageError where the file does not hold exactly one Application, or not for certain */
function fromFile(file: string, service: Service, path: string): Found {
  const { objects, refused } = service.objects(path);
  const [first] = refused;
  if (first) throw new UsageError(harmless(`${first.file}:${first.line}: ${first.message}`));
  const applications = objects.filter(
    ({ object }) => groupOf(object) === 'argoproj.io' && kindOf(object) === 'Application',
  );
  const [only, ...more] = applications;
  if (!only || more.length > 0)
    throw new UsageError(
      `${file} holds ${applications.length === 0 ? 'no Argo CD Application' : `${applications.length} Applications`}: name a file with one`,
    );
  return { object: only.object, text: service.text(path) ?? '' };
}

async function apply(object: KubeObject, flags: Flags, output: Output): Promise<number> {
  requireNodeForCluster(process.versions.node);
  const controlled = flags.has('control');
  if (refusesToAsk(flags, output, 'apply')) return 3;
  const json = controlled || flags.get('format') === 'json';
  const tell = (event: ApplicationEvent): void => {
    if (json) output.data(`${JSON.stringify(event)}\n`);
  };
  const stop = new Stop();
  process.once('SIGINT', () => stop.stop());
  const controller = controlled ? readControl(process.stdin, () => stop.stop()) : undefined;
  const cluster = await openCluster(flags);
  try {
    const message = await applyApplication(object, cluster, stop, async (question) => {
      tell({ type: 'question', question });
      return controller
        ? (await controller.decisions.answer(undefined)) === true
        : confirmed(question, flags, output, stop);
    });
    if (message === undefined) {
      tell({ type: 'refused' });
      output.message('Nothing was written.');
      return 3;
    }
    tell({ type: 'applied', message });
    if (!json) output.data(`${message}\n`);
    return 0;
  } catch (error) {
    const message = error instanceof Error ? error.message : 'an unknown error';
    tell({ type: 'error', message });
    if (!controlled) output.message(harmless(message));
    return 2;
  } finally {
    controller?.close();
    cluster.close();
  }
}

function confirmed(question: ApplicationQuestion, flags: Flags, output: Output, stop: Stop): Promise<boolean> {
  const { context } = question.cluster;
  return agreed(context, flags, output, (typeName) => {
    const terminal = ownTerminal(output.color);
    terminal.output.write(`${applicationQuestionText(question)}\n`);
    return askYes(`Apply it to ${context}?`, terminal, stop, typeName ? context : undefined);
  });
}
