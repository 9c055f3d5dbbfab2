import { replaceOption } from '../fixes-options.ts';
import { OPTIONS_PAGE } from '../../../core/annotations/pages.ts';
import type { Report, Rule } from '../model.ts';
import { applicationOptions, holdsSeveral } from '../sync-options.ts';

/** Items of `syncOptions` that hold several options, or white space. Source: v1alpha1/types.go `SyncOptions.HasOption`. */
export const commaInSyncOptionsItem: Rule = {
  id: 'comma-in-sync-options-item',
  defaultLevel: 'warning',
  levels: ['warning'],
  title: 'One item of an Application’s syncOptions holds a comma or white space.',
  docs: `In the annotation of a resource sync options are a comma list. In \`syncOptions\` of an Application they are a list of
YAML, and each item is compared as a whole: one with a comma or white space in it matches nothing, so none of its
options holds. Give every option an item of its own.`,
  link: OPTIONS_PAGE,
  examples: {
    bad: `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: shop
spec:
  syncPolicy:
    syncOptions:
      - CreateNamespace=true, ServerSideApply=true
`,
    good: `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: shop
spec:
  syncPolicy:
    syncOptions:
      - CreateNamespace=true
      - ServerSideApply=true
`,
  },
  about: ['application'],
  parts: true,
  check: (manifest, { document, facts }) => {
    return applicationOptions(manifest).flatMap((item): Report[] => {
      const { value, span } = item;
      if (!holdsSeveral(value)) return [];
      const parts = optionsIn(value);
      return [
        {
          level: 'warning',
          span,
          message: `"${value.length > 80 ? `${value.slice(0, 80)}…` : value}" is one item, and Argo CD compares items as a whole: it matches no option, and ${facts.label} is synced without ${parts.length > 1 ? 'any of them. Give each an item of its own.' : 'it. Remove the white space.'}`,
          fixes: () => [
            replaceOption({
              document,
              item,
              by: parts,
              title: parts.length > 1 ? 'Give each option an item of its own' : `Replace with ${parts.join()}`,
              preferred: true,
            }),
          ],
        },
      ];
    });
  },
};

/** The options that an item was meant to hold. */
const optionsIn = (value: string): string[] =>
  value
    .replace(/\s*=\s*/g, '=')
    .split(/[,\s]+/)
    .filter((part) => part !== '');
