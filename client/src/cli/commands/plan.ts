import type { ApplicationPlan } from '#core/plan/model';
import type { Json } from '#core/object';
import { writeJson } from '#core/json';
import { planMarkdown } from '../../text/plan-markdown.ts';
import { planMermaid } from '../../text/plan-mermaid.ts';
import { UsageError, type Call } from '../args.ts';
import { comparePlans, type Compared } from '../compare.ts';
import { configOf } from '../config.ts';
import { harmless, type Output } from '../output.ts';
import { planText } from '../text/plan.ts';
import { openApplications, refuseUnreadable } from '../workspace.ts';
import { filesOfMore } from '../whole.ts';

/** Runs `plan`. */
export async function plan({ flags, paths }: Call, output: Output): Promise<number> {
  const format = flags.oneOf('format', ['text', 'json', 'markdown', 'mermaid'], 'text');
  const wanted = flags.get('application');
  const config = await configOf(flags);
  const opened = await openApplications(paths, config, wanted);
  const { service, applications } = opened;
  const plans = applications.map((application) => service.plan(application));
  const revision = flags.get('diff');
  const compared = revision === undefined ? undefined : await comparePlans({ opened, revision, wanted, config }, plans);
  if (compared === undefined || compared.gone.length === 0) {
    refuseUnreadable(opened);
    if (wanted !== undefined && applications.length === 0)
      throw new UsageError(`No application here is called ${wanted}`);
  }
  for (const text of await filesOfMore(opened)) output.message(harmless(text));
  switch (format) {
    case 'json':
      output.data(`${writeJson(planJson(plans, compared), 2)}\n`);
      break;
    case 'markdown':
      output.data(planMarkdown(plans, compared));
      break;
    case 'mermaid':
      output.data(planMermaid(plans, compared));
      break;
    case 'text':
      output.data(planText(plans, output, compared));
      break;
  }
  return 0;
}

/** Fields beyond the contract's own: the revision, and what of it is gone. */
function planJson(plans: readonly ApplicationPlan[], compared: Compared | undefined): Json {
  if (!compared) return { version: 1, applications: plans } as unknown as Json;
  const { revision, changes, gone } = compared;
  return {
    version: 1,
    revision,
    applications: plans.map((one) => ({ ...one, diff: changes.get(one) ?? [] })),
    gone: gone.map(({ plan: { name, source }, changes: diff }) => ({ name, source, diff })),
  } as unknown as Json;
}
