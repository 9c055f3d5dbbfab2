import type { ApplicationQuestion } from '../../sync/argocd/apply-application.ts';
import { harmless } from '../output.ts';

const CHANGES: Readonly<Record<ApplicationQuestion['change'], string>> = {
  create: 'is created',
  change: 'is changed',
  unchanged: 'is there already and stays as it is',
};

/** What applying an Application comes to, for the confirmation. */
export function applicationQuestionText({
  cluster,
  namespace,
  name,
  change,
  diff,
  warnings,
}: ApplicationQuestion): string {
  const lines = [
    `Application ${name} ${CHANGES[change]}`,
    `context ${cluster.context} (${cluster.server}, ${cluster.origin}), namespace ${namespace}${cluster.user === '' ? '' : `, as ${cluster.user}`}`,
    ...warnings.map((text) => `! ${text}`),
    ...diff.map((line) => `  ${line}`),
  ];
  return harmless(lines.join('\n'));
}
