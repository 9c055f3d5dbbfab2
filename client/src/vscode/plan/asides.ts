import type { PlanProblem, SkippedManifest } from '#core/plan/model';
import { counted, objectLabel } from '#core/plan/words';
import { escapeMarkdown } from '../../text/markdown.ts';
import { kindIcon } from './icons.ts';
import { placeOf, PlanNode, WARNING, type Context } from './node.ts';
import { joined } from './texts.ts';
import { withFacts } from './problems.ts';
import { skippedTooltip } from './tooltips.ts';

/** The rows below the phases: what is left out, what was not read, and what a finished run left in the cluster. */
export const asideNodes = (context: Context): PlanNode[] => [
  ...leftOutNode(context),
  ...problemsNode(context),
  ...extraNode(context),
  ...leftInClusterNode(context),
];

function leftOutNode(context: Context): PlanNode[] {
  const { skipped } = context.plan;
  if (skipped.length === 0) return [];
  const id = `${context.id} left-out`;
  const children = skipped.map((manifest, index) => skippedNode(context, manifest, `${id} ${index}`));
  return [
    new PlanNode({
      id,
      kind: 'left-out',
      label: 'Left out',
      description: `${counted(skipped.length, 'manifest')} that Argo CD does not apply`,
      tooltip: () => 'Manifests of this application that Argo CD does not apply, and why.',
      icon: { id: 'eye-closed' },
      fold: 'open',
      application: context.application,
      problems: () => children.flatMap((child) => child.problems),
      children: () => children,
    }),
  ];
}

function skippedNode(context: Context, manifest: SkippedManifest, id: string): PlanNode {
  const wanted = manifest.reason.code === 'skip';
  return new PlanNode({
    id,
    kind: 'skipped',
    label: manifest.name || manifest.kind,
    description: joined(manifest.kind, manifest.reason.text),
    tooltip: () => skippedTooltip(manifest),
    icon: wanted ? { id: 'debug-step-over' } : WARNING,
    fold: 'none',
    ...placeOf(context, manifest),
    application: context.application,
    words: `left out ${manifest.file ?? ''}`,
    problems: () => {
      const message = `${manifest.kind} ${manifest.name} is left out: ${manifest.reason.text}`;
      return withFacts(context.problems(manifest), wanted ? undefined : message);
    },
    children: () => [],
  });
}

/** What is wrong, with a link to what to do about it. */
const problemTooltip = ({ message, help }: PlanProblem): string =>
  [escapeMarkdown(message), ...(help ? [`[${help.title}](${help.url})`] : [])].join('\n\n');

function problemsNode(context: Context): PlanNode[] {
  const { problems } = context.plan;
  if (problems.length === 0) return [];
  const id = `${context.id} problems`;
  const child = (problem: PlanProblem, index: number): PlanNode =>
    new PlanNode({
      id: `${id} ${index}`,
      kind: 'problem',
      label: problem.file ?? context.application.name,
      description: joined(problem.line !== undefined && `line ${problem.line}`, problem.message),
      tooltip: () => problemTooltip(problem),
      icon: WARNING,
      fold: 'none',
      ...placeOf(context, problem),
      application: context.application,
      words: 'not read',
      problems: () => [{ severity: 'warning', message: problem.message }],
      children: () => [],
    });
  const children = problems.map(child);
  return [
    new PlanNode({
      id,
      kind: 'left-out',
      label: 'Not read',
      description: `${counted(problems.length, 'place')} that the plan does not know`,
      tooltip: () => 'What stands here could not be read, so the plan does not hold it.',
      icon: WARNING,
      fold: 'open',
      application: context.application,
      problems: () => children.flatMap((one) => one.problems),
      children: () => children,
    }),
  ];
}

/** In a live status: what is in the cluster alone. */
function extraNode(context: Context): PlanNode[] {
  const { live, application } = context;
  const extra = live?.status.resources.filter(({ sync }) => sync === 'Extra') ?? [];
  if (extra.length === 0) return [];
  const id = `${context.id} extra`;
  return [
    new PlanNode({
      id,
      kind: 'left',
      label: 'In the cluster alone',
      description: `${counted(extra.length, 'object')} that no manifest has any more`,
      tooltip: () =>
        'They carry the tracking annotation of this application, and are no longer in its manifests. A sync with pruning deletes them.',
      icon: { id: 'server' },
      fold: 'open',
      application,
      children: () => extra.map(({ task, health }) => objectNode(context, id, task, health)),
    }),
  ];
}

const objectNode = (context: Context, parent: string, key: string, more = ''): PlanNode =>
  new PlanNode({
    id: `${parent} ${key}`,
    kind: 'object',
    label: objectLabel(key),
    description: joined(key.split('/')[2] ?? '', more),
    tooltip: () => `\`${key}\``,
    icon: kindIcon(key.split('/')[0] ?? '', key.split('/')[1] ?? ''),
    fold: 'none',
    application: context.application,
    children: () => [],
  });

/** At the end of a run: what stands in the cluster because of it. */
function leftInClusterNode(context: Context): PlanNode[] {
  const { run } = context;
  if (run?.stage !== 'finished' || run.left.length === 0) return [];
  const id = `${context.id} left`;
  return [
    new PlanNode({
      id,
      kind: 'left',
      label: 'Left in the cluster',
      description: counted(run.left.length, 'object'),
      tooltip: () => `Objects of this application that stand in the cluster (${run.place}) after the run.`,
      icon: { id: 'server' },
      fold: 'closed',
      application: context.application,
      children: () => run.left.map((key) => objectNode(context, id, key)),
    }),
  ];
}
