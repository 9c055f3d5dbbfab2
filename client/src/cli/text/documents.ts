import type { ApplicationPlan, PhaseList, PlanWave } from '#core/plan/model';
import { taskKey } from '#core/plan/query';
import { signed } from './columns.ts';
import { taskLabel, taskNotes } from './words.ts';

/** Text in a cell of a Markdown table. */
const cell = (text: string): string => text.replace(/[\\`*_{}[\]<>|]/g, '\\$&').replace(/\s+/g, ' ');

/** Plans as Markdown: a table for each application. */
export function planMarkdown(plans: readonly ApplicationPlan[]): string {
  return plans.map(applicationMarkdown).join('\n');
}

function applicationMarkdown(plan: ApplicationPlan): string {
  const lists: readonly PhaseList[] = [plan.plans.sync, plan.plans.syncFail, plan.plans.delete];
  const rows = lists.flatMap(({ phases }) =>
    phases.flatMap(({ phase, waves }) =>
      waves.flatMap((wave) =>
        wave.batches.flatMap(({ tasks }) =>
          tasks.map((task) => {
            const key = taskKey(task);
            const awaited = wave.gate.for.find((entry) => entry.task === key);
            const until = awaited ? (awaited.until === 'completes' ? 'until it completes' : 'until it is healthy') : '';
            const cells = [phase, signed(wave.wave), taskLabel(task), taskNotes(task), until];
            return `| ${cells.map(cell).join(' | ')} |`;
          }),
        ),
      ),
    ),
  );
  const skipped = plan.skipped.map(({ kind, name, reason }) => `- ${cell(`${kind}/${name}`)}: ${cell(reason.text)}`);
  const left = skipped.length > 0 ? ['', '**Left out**', '', ...skipped] : [];
  return (
    [
      `## ${cell(plan.name)}`,
      '',
      '| Phase | Wave | Resource | | Waited for |',
      '|---|---|---|---|---|',
      ...rows,
      ...left,
    ].join('\n') + '\n'
  );
}

/** Text in a quoted label of a Mermaid diagram. */
const label = (text: string): string =>
  text.replace(/"/g, '#quot;').replace(/[<>]/g, (c) => (c === '<' ? '#lt;' : '#gt;'));

/** Plans as a Mermaid flow chart: one box for each wave, arrows where the next one waits. */
export function planMermaid(plans: readonly ApplicationPlan[]): string {
  const lines = ['flowchart TD'];
  plans.forEach((plan, index) => {
    lines.push(`  subgraph app${index}["${label(plan.name)}"]`);
    let before: { id: string; wave: PlanWave } | undefined;
    plan.plans.sync.phases.forEach(({ phase, waves }, p) =>
      waves.forEach((wave, w) => {
        const id = `a${index}p${p}w${w}`;
        const names = wave.batches.flatMap(({ tasks }) => tasks.map((task) => label(taskLabel(task))));
        lines.push(`    ${id}["${phase} ${signed(wave.wave)}<br/>${names.join('<br/>')}"]`);
        if (before) lines.push(`    ${before.id} ${before.wave.gate.waits ? '-->|waits|' : '-->'} ${id}`);
        before = { id, wave };
      }),
    );
    lines.push('  end');
  });
  return lines.join('\n') + '\n';
}
