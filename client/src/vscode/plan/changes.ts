import type { PlanPhaseName } from '#core/plan/model';
import { counted, objectLabel, waveText } from '#core/plan/words';
import type { ApplicationRef, ApplicationSummary, ComparePlanResult, GoneApplication, PlanChange } from '#protocol';
import { escapeMarkdown } from '../../text/markdown.ts';
import { applicationId, PlanNode, WARNING } from './node.ts';
import { joined, phaseLabel } from './texts.ts';
import type { Icon } from './run-marks.ts';

/** How a change is told at a glance: a sign and a word. */
interface ChangeMark {
  readonly word: string;
  readonly icon: Icon;
}

const MARKS: Readonly<Record<PlanChange['change'], ChangeMark>> = {
  added: { word: 'added', icon: { id: 'diff-added', color: 'gitDecoration.addedResourceForeground' } },
  removed: { word: 'removed', icon: { id: 'diff-removed', color: 'gitDecoration.deletedResourceForeground' } },
  dropped: { word: 'dropped', icon: { id: 'eye-closed', color: 'gitDecoration.deletedResourceForeground' } },
  moved: { word: 'moved', icon: { id: 'arrow-swap', color: 'gitDecoration.modifiedResourceForeground' } },
  gated: { word: 'now gated', icon: { id: 'watch', color: 'gitDecoration.modifiedResourceForeground' } },
  ungated: { word: 'now ungated', icon: { id: 'circle-large-outline', color: 'list.warningForeground' } },
};

const DETAILS: Readonly<Record<NonNullable<PlanChange['detail']>, string>> = {
  'becomes-hook': 'becomes a hook',
  'becomes-resource': 'becomes a resource',
  restored: 'not left out any more',
};

/** Sign and word of a change; an object that becomes a hook is more than one that moves. */
export function markOfChange({ change, detail }: PlanChange): ChangeMark {
  const { word, icon } = MARKS[change];
  if (detail === 'becomes-hook') return { word: DETAILS[detail], icon: { ...icon, id: 'gear' } };
  return { word: detail === undefined ? word : DETAILS[detail], icon };
}

/**
 * What is different in one application: its changes by phase and wave, in plan order.
 * @param result undefined: not worked out yet
 */
export function comparedNode(summary: ApplicationSummary, result: ComparePlanResult | undefined): PlanNode {
  const application: ApplicationRef = { folder: summary.folder, path: summary.path, name: summary.name };
  const id = `compared ${applicationId(application)}`;
  const problem = result && 'problem' in result ? result.problem : undefined;
  const diff = result && 'diff' in result ? result.diff : [];
  const isNew = result !== undefined && 'plan' in result && result.plan === null;
  return new PlanNode({
    id,
    kind: 'application',
    label: summary.name,
    description: joined(
      summary.path === '.' ? '' : summary.path,
      problem ?? (result ? (diff.length === 0 ? 'no change' : counted(diff.length, 'change')) : 'comparing…'),
      isNew && 'was not there',
    ),
    tooltip: () => problem ?? `What is different in the plan of **${escapeMarkdown(summary.name)}**.`,
    icon: problem === undefined ? { id: 'layers' } : WARNING,
    // Open before its changes are known, so that they show as soon as they are.
    fold: result === undefined || diff.length > 0 ? 'open' : 'none',
    application,
    children: () => phaseNodes(application, id, diff),
  });
}

/** An application of the revision that is not there any more, with all that it applied. */
export function goneNode({ application, diff }: GoneApplication): PlanNode {
  const id = `gone ${applicationId(application)}`;
  return new PlanNode({
    id,
    kind: 'gone',
    label: application.name,
    description: joined(application.path === '.' ? '' : application.path, 'gone', counted(diff.length, 'change')),
    tooltip: () =>
      `The application **${escapeMarkdown(application.name)}** is not there any more: nothing is applied for it.`,
    icon: MARKS.removed.icon,
    fold: diff.length > 0 ? 'closed' : 'none',
    application,
    children: () => phaseNodes(application, id, diff),
  });
}

/** Why nothing could be compared. */
export function uncomparedNode(folder: string, revision: string, problem: string): PlanNode {
  return new PlanNode({
    id: `uncompared ${folder}`,
    kind: 'problem',
    label: revision,
    description: problem,
    tooltip: () => escapeMarkdown(problem),
    icon: WARNING,
    fold: 'none',
    application: { folder, path: '.', name: '' },
    children: () => [],
  });
}

/** Where a change is shown: where the task is now, or where it was. */
const pointOf = ({ from, to }: PlanChange): { phase: PlanPhaseName; wave: number } | undefined =>
  to ?? from ?? undefined;

function phaseNodes(application: ApplicationRef, parent: string, diff: readonly PlanChange[]): PlanNode[] {
  const phases = [...new Set(diff.map((change) => pointOf(change)?.phase))];
  return phases.map((phase) => {
    const changes = diff.filter((change) => pointOf(change)?.phase === phase);
    const id = `${parent} ${phase ?? 'left-out'}`;
    return new PlanNode({
      id,
      kind: phase === undefined ? 'left-out' : 'phase',
      label: phase === undefined ? 'Left out' : phaseLabel(phase),
      description: counted(changes.length, 'change'),
      tooltip: () => '',
      icon: { id: phase === undefined ? 'eye-closed' : 'milestone' },
      fold: 'open',
      application,
      children: () => changes.map((change, index) => changeNode(application, id, change, index)),
    });
  });
}

function changeNode(application: ApplicationRef, parent: string, change: PlanChange, index: number): PlanNode {
  const { word, icon } = markOfChange(change);
  const [, kind = '', namespace = ''] = change.task.split('/');
  const point = pointOf(change);
  const label = objectLabel(change.task);
  return new PlanNode({
    id: `${parent} ${change.change} ${change.task} ${index}`,
    kind: 'change',
    label: label.startsWith(`${kind} `) ? label.slice(kind.length + 1) : label,
    description: joined(kind, word, point && waveText(point.wave), change.text),
    tooltip: () =>
      [
        `**${escapeMarkdown(label)}**${namespace === '' ? '' : ` in namespace \`${namespace}\``}`,
        `**${word}**: ${escapeMarkdown(change.text)}`,
      ].join('\n\n'),
    detail: change.text,
    icon,
    fold: 'none',
    ...(change.file === undefined
      ? {}
      : { place: { folder: application.folder, file: change.file, line: change.line ?? 1 } }),
    application,
    children: () => [],
  });
}
