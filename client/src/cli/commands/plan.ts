import type { ApplicationPlan } from '#core/plan/model';
import type { Json } from '#core/object';
import { writeJson } from '#core/json';
import { UsageError, type Call } from '../args.ts';
import { configOf } from '../config.ts';
import type { Output } from '../output.ts';
import { planMarkdown } from '../../text/plan-markdown.ts';
import { planMermaid } from '../../text/plan-mermaid.ts';
import { planText } from '../text/plan.ts';
import { openApplications, refuseUnreadable } from '../workspace.ts';

/** Runs `plan`. */
export async function plan({ flags, paths }: Call, output: Output): Promise<number> {
  const format = flags.oneOf('format', ['text', 'json', 'markdown', 'mermaid'], 'text');
  const wanted = flags.get('application');
  const opened = await openApplications(paths, await configOf(flags), wanted);
  refuseUnreadable(opened);
  const { service, applications } = opened;
  if (wanted !== undefined && applications.length === 0)
    throw new UsageError(`No application here is called ${wanted}`);
  const plans: ApplicationPlan[] = applications.map((application) => service.plan(application));
  switch (format) {
    case 'json':
      output.data(`${writeJson({ version: 1, applications: plans } as unknown as Json, 2)}\n`);
      break;
    case 'markdown':
      output.data(planMarkdown(plans));
      break;
    case 'mermaid':
      output.data(planMermaid(plans));
      break;
    case 'text':
      output.data(planText(plans, output));
      break;
  }
  return 0;
}
