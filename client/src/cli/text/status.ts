import { counted, signed } from '#core/plan/words';
import type { ApplicationStatus, ResourceStatus } from '../../sync/status-model.ts';
import { keyLabel } from '../../text/words.ts';
import { harmless, styled, type Output } from '../output.ts';
import { aligned, oneLine } from './columns.ts';

type Colors = Pick<Output, 'color'>;

const SYNC_STYLES: Readonly<Record<string, 'green' | 'yellow' | 'red' | 'dim'>> = {
  Synced: 'green',
  OutOfSync: 'yellow',
  Missing: 'yellow',
  Extra: 'yellow',
  Unknown: 'red',
  '': 'dim',
};
const HEALTH_STYLES: Readonly<Record<string, 'green' | 'yellow' | 'red' | 'dim'>> = {
  Healthy: 'green',
  Progressing: 'yellow',
  Suspended: 'yellow',
  Missing: 'yellow',
  Degraded: 'red',
  Unknown: 'red',
  '': 'dim',
};

/** Status of an application, object by object. @param withDiff also what differs, line by line */
export function statusText(status: ApplicationStatus, colors: Colors, withDiff: boolean): string {
  const { application, cluster, namespace, revision, sync, health, resources, notes, argocd } = status;
  const table = aligned(
    resources.map((one) => [
      `  ${one.sync || 'hook'}`,
      one.health || '-',
      `${one.phase} ${signed(one.wave)}`,
      `${one.hook ? '⚓ ' : ''}${keyLabel(one.task)}`,
      detailOf(one),
    ]),
  );
  const rows = resources.flatMap((one, i) => [
    styled(colors, styleOf(one), harmless(table[i] ?? '')),
    ...(withDiff
      ? one.diff.map((line) => styled(colors, line.startsWith('+') ? 'green' : 'red', harmless(`        ${line}`)))
      : []),
  ]);
  const differing = resources.filter(({ diff }) => diff.length > 0).length;
  return [
    `${styled(colors, 'bold', application)}: ${styled(colors, SYNC_STYLES[sync] ?? 'dim', sync)}, ${styled(colors, HEALTH_STYLES[health] ?? 'dim', health)}`,
    harmless(
      `in ${cluster.context} (${cluster.server}, ${cluster.origin}), namespace ${namespace}, against ${revision}`,
    ),
    ...(argocd ? [argoText(argocd)] : []),
    ...notes.map((text) => styled(colors, 'yellow', `! ${harmless(text)}`)),
    ...rows,
    ...(differing > 0 && !withDiff ? [`${counted(differing, 'object')} differ; --diff shows what.`] : []),
    '',
  ].join('\n');
}

const argoText = ({ sync, health, operation, selfHeal }: NonNullable<ApplicationStatus['argocd']>): string =>
  harmless(
    `Argo CD knows it: ${[sync, health, operation === '' ? '' : `last operation ${operation}`, selfHeal ? 'selfHeal is on' : ''].filter((part) => part !== '').join(', ')}`,
  );

const detailOf = ({ note, healthMessage }: ResourceStatus): string =>
  [note, healthMessage]
    .filter((part) => part !== '')
    .map(oneLine)
    .join('; ');

/** What a person has to look at stands out. */
function styleOf({ sync, health }: ResourceStatus): 'green' | 'yellow' | 'red' | 'dim' {
  const ofHealth = HEALTH_STYLES[health] ?? 'dim';
  if (ofHealth === 'red') return 'red';
  return sync === 'Synced' && ofHealth === 'yellow' ? 'yellow' : (SYNC_STYLES[sync] ?? 'dim');
}
