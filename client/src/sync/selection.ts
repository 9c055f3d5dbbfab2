import { isHook } from '#core/annotations/classify';
import { counted } from '#core/plan/words';
import { generateNameOf, kindOf, nameOf, objectIdOf, type KubeObject, type ObjectId } from '#core/object';
import { selects } from '#core/sync/build';
import type { SelectedResource } from '#core/sync/model';

/** So many of what there is are named. */
const NAMED = 10;

/** As `--resource` is written: `apps:Deployment:web`. */
const filterText = ({ group = '', kind, namespace = '', name }: SelectedResource): string =>
  `${group}:${kind}:${namespace === '' ? '' : `${namespace}/`}${name}`;

/**
 * Entries of a resource filter that would sync nothing, each with the reason: a sync of nothing succeeds, and nobody
 * means it. A sync of selected resources runs no hooks (controller/sync.go `SyncAppState`).
 */
export function emptySelections(
  selected: readonly SelectedResource[],
  targets: readonly KubeObject[],
  live: Iterable<KubeObject>,
): string[] {
  const there = [...targets, ...live];
  return selected.flatMap((entry) => {
    const meant = there.filter((object) => selects(entry, objectIdOf(object)));
    if (meant.some((object) => !isHook(object))) return [];
    const filter = `--resource ${filterText(entry)}`;
    if (meant.length > 0)
      return [
        `${filter} names a hook alone, and a sync of selected resources runs no hooks. Leave --resource out to sync the whole application.`,
      ];
    return [`${filter} matches nothing. ${whatThereIs(targets)}`];
  });
}

/** What a sync of selected resources leaves out, for a person; empty where everything is synced. */
export function selectionNotes(selected: readonly SelectedResource[], targets: readonly KubeObject[]): string[] {
  if (selected.length === 0) return [];
  const hooks = targets.filter(isHook).map((hook) => `${kindOf(hook)} ${nameOf(hook) || `${generateNameOf(hook)}…`}`);
  const resources = targets.filter((target) => !isHook(target));
  const meant = resources.filter((target) => selected.some((entry) => selects(entry, objectIdOf(target))));
  const more = hooks.length > NAMED ? ` and ${hooks.length - NAMED} more` : '';
  const without =
    hooks.length === 0 ? '' : `, and no hook runs, as in Argo CD: ${hooks.slice(0, NAMED).join(', ')}${more}`;
  return [`Only ${meant.length} of ${counted(resources.length, 'resource')} are synced${without}.`];
}

function whatThereIs(targets: readonly KubeObject[]): string {
  const resources = targets
    .filter((target) => !isHook(target))
    .map((target) => unqualified(objectIdOf(target), target));
  if (resources.length === 0) return 'The application has no resources beside hooks.';
  const more = resources.length > NAMED ? ` and ${resources.length - NAMED} more` : '';
  return `There are ${resources.slice(0, NAMED).join(', ')}${more}.`;
}

const unqualified = ({ group, kind, name }: ObjectId, target: KubeObject): string =>
  filterText({ group, kind, name: name || `${generateNameOf(target)}…` });
