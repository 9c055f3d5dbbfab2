import { SYNC_OPTIONS } from '../../../core/annotations/keys.ts';
import { listOf } from '../../../core/annotations/parse.ts';
import { isDefinition } from '../../../core/plan/order.ts';
import { manifestPlace } from '../field-place.ts';
import { removeSyncOptions } from '../fixes-hooks.ts';
import { isTold } from '../hook-facts.ts';
import { OPTIONS_PAGE } from '../../../core/annotations/pages.ts';
import { entryOf, type Rule } from '../model.ts';

/** Force where a deletion takes more than the object. Source: sync_context.go `applyObject`; resource_ops.go. */
export const forceOnCrd: Rule = {
  id: 'force-on-crd',
  defaultLevel: 'error',
  levels: ['error'],
  title: 'A CustomResourceDefinition or Namespace has Force=true.',
  docs: `\`Force=true\` deletes an object that cannot be patched, and creates it again. With a definition all objects of its
kind go, with a namespace everything in it. \`Replace=true\` beside it is no protection to rely on: Argo CD updates these
kinds in place then, but the first sync without it may delete. Remove \`Force=true\`. Nothing is said beside
\`ServerSideApply=true\`, on which Force has no effect.`,
  link: OPTIONS_PAGE,
  examples: {
    bad: `apiVersion: v1
kind: Namespace
metadata:
  name: shop
  annotations:
    argocd.argoproj.io/sync-options: Force=true,Prune=false
`,
    good: `apiVersion: v1
kind: Namespace
metadata:
  name: shop
  annotations:
    argocd.argoproj.io/sync-options: Prune=false
`,
  },
  about: ['sync-options'],
  check: (manifest, { document, facts }) => {
    const definition = isDefinition(manifest.object);
    if (!definition && !(facts.group === '' && facts.kind === 'Namespace')) return [];
    if (facts.isSkip || isTold(manifest, SYNC_OPTIONS)) return [];
    const options = listOf(manifest.object, SYNC_OPTIONS);
    if (!options.includes('Force=true')) return [];
    const replaced = options.includes('Replace=true');
    if (options.includes('ServerSideApply=true') && !replaced) return [];
    const lost = definition ? 'every object of its kind' : 'everything in it';
    const when = replaced
      ? `as soon as Replace=true no longer stands beside it (Argo CD updates a ${facts.kind} in place then)`
      : 'when a patch is refused';
    return [
      {
        level: 'error',
        span: entryOf(manifest, SYNC_OPTIONS)?.valueSpan ?? manifestPlace(manifest, document),
        message: `Force=true lets a sync delete ${facts.label} and create it again ${when}, and ${lost} is lost with it. Remove Force=true.`,
        fixes: () => [removeSyncOptions({ document, manifest }, ['Force=true'])],
      },
    ];
  },
};
