import { HOOK, SYNC_OPTIONS } from '../../../core/annotations/keys.ts';
import { listOf, optionValue } from '../../../core/annotations/parse.ts';
import type { Manifest, YamlDocument } from '../../../manifest/model.ts';
import { removeAnnotation, renameKey, setAnnotation, together } from '../fixes.ts';
import { itemsOf } from '../items.ts';
import { entryOf, judged, type Fix, type Rule } from '../model.ts';

/** `Skip`, which holds only for as long as it stands in Git. Seen on Argo CD 3.6.1: the live object never gets it. */
export const skipThenPruned: Rule = {
  id: 'skip-then-pruned',
  defaultLevel: 'info',
  levels: ['info'],
  title: 'Skip keeps a live object only for as long as its manifest is in Git.',
  docs: `With \`argocd.argoproj.io/hook: Skip\` a sync neither applies the manifest nor prunes the live object. The live object
never receives the annotation, though: once the manifest is removed from Git, a sync that prunes deletes it. What keeps
it then is the sync option \`Prune=false\` on the live object.`,
  examples: {
    bad: `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  annotations:
    argocd.argoproj.io/hook: Skip
`,
    good: `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  annotations:
    argocd.argoproj.io/sync-options: Prune=false
`,
  },
  about: ['hook'],
  check: (manifest, { document, facts }) => {
    const entry = judged(manifest, HOOK);
    if (!entry || !facts.isSkip || keepsItself(manifest)) return [];
    const span = itemsOf(document, entry).find(({ name }) => name === 'Skip')?.span ?? entry.valueSpan;
    return [
      {
        level: 'info',
        span,
        message: `Argo CD leaves the live object of ${facts.label} alone only for as long as this manifest is in Git: once it is removed, a sync that prunes deletes that object, since it never received the Skip. To keep it, give the live object ${SYNC_OPTIONS}: Prune=false.`,
        fixes: () => [instead(document, manifest)],
      },
    ];
  },
};

/** Whoever wrote `Prune=false` beside it knows; what a template says is not known. */
function keepsItself(manifest: Manifest): boolean {
  if (entryOf(manifest, SYNC_OPTIONS)?.templated === true) return true;
  const prune = optionValue(listOf(manifest.object, SYNC_OPTIONS), 'Prune');
  return prune === 'false' || prune === 'confirm';
}

function instead(document: YamlDocument, manifest: Manifest): Fix {
  const title = 'Apply it and never prune it: Prune=false in place of Skip';
  const hook = judged(manifest, HOOK);
  const options = judged(manifest, SYNC_OPTIONS);
  if (!hook) return together(title, []);
  if (!options) {
    const renamed = renameKey({ document, entry: hook, by: SYNC_OPTIONS });
    return together(title, [renamed, setAnnotation({ document, entry: hook, value: 'Prune=false', title })]);
  }
  const value = options.value.trim() === '' ? 'Prune=false' : `${options.value.trimEnd()},Prune=false`;
  return together(title, [
    removeAnnotation({ document, manifest, entry: hook, title }),
    setAnnotation({ document, entry: options, value, title }),
  ]);
}
