import { loadAll } from 'js-yaml';
import type { ApplicationPlan } from '#core/plan/model';
import type { KubeObject } from '#core/object';
import type { PlanInput } from '#core/plan/drafts';
import { planApplication } from '#core/plan/plan';

/** The plan of manifests, each placed in a line of `a.yaml`. */
export const planOf = (yaml: string, options: Partial<PlanInput> = {}): ApplicationPlan =>
  planApplication({
    name: 'shop',
    source: { kind: 'directory', path: 'apps/shop', reason: 'test' },
    namespace: 'shop',
    objects: (loadAll(yaml) as (KubeObject | null)[])
      .filter((object) => object !== null)
      .map((object, i) => ({ object, file: 'a.yaml', line: i + 1 })),
    ...options,
  });

const HOOK = 'argocd.argoproj.io/hook';
const WAVE = 'argocd.argoproj.io/sync-wave';

/** A manifest: `manifest('Job migrate', 'PreSync', -1)`. */
export function manifest(
  what: string,
  hook = '',
  wave?: number,
  metadata: Readonly<Record<string, string>> = {},
): string {
  const [kind = '', ...name] = what.split(' ');
  const apiVersion = kind === 'Job' ? 'batch/v1' : kind === 'Deployment' ? 'apps/v1' : 'v1';
  const annotations = {
    ...(hook === '' ? {} : { [HOOK]: hook }),
    ...(wave === undefined ? {} : { [WAVE]: String(wave) }),
  };
  return `${JSON.stringify({ apiVersion, kind, metadata: { name: name.join(' '), annotations, ...metadata } })}\n---\n`;
}
