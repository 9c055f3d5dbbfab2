import { isApplicationOnlyOption, isKnownSyncOption, optionSpelledRight } from '../../../core/annotations/catalogue.ts';
import type { Manifest } from '../../../manifest/model.ts';
import { replaceItem, replaceSpan } from '../fixes.ts';
import { OPTIONS_PAGE } from '../../../core/annotations/pages.ts';
import type { Level, Report, Rule, RuleContext } from '../model.ts';
import { applicationOptions, holdsSeveral, resourceOptions } from '../sync-options.ts';

/** Sync options that differ from known ones by case or white space alone. Source: resource/annotations.go. */
export const optionValueCase: Rule = {
  id: 'option-value-case',
  defaultLevel: 'error',
  levels: ['error', 'warning'],
  title: 'A sync option is written with the wrong case.',
  docs: `Argo CD compares sync options letter by letter: \`Prune=False\` and \`prune=false\` protect nothing, \`Replace=True\` is off,
and white space around \`=\` counts too. It is an error where an object is then not protected from being pruned or
deleted, else a warning.`,
  link: OPTIONS_PAGE,
  examples: {
    bad: `apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: data
  annotations:
    argocd.argoproj.io/sync-options: Prune=False
`,
    good: `apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: data
  annotations:
    argocd.argoproj.io/sync-options: Prune=false
`,
  },
  about: ['sync-options', 'application'],
  parts: true,
  check: (manifest, context) => [...onResource(manifest, context), ...onApplication(manifest, context)],
};

/** What was meant by an option of the wrong case; undefined for known ones and for others. */
export const meantOption = (option: string): string | undefined =>
  isKnownSyncOption(option) ? undefined : optionSpelledRight(option);

function onResource(manifest: Manifest, { document, facts }: RuleContext): Report[] {
  return resourceOptions(document, manifest).flatMap(({ name, span, entry }): Report[] => {
    const meant = isApplicationOnlyOption(name) ? undefined : meantOption(name);
    if (meant === undefined) return [];
    return [
      {
        level: levelOf(meant),
        span,
        message: `${name} is no option of Argo CD, letters count: ${consequence(meant, facts.label)} Write ${meant}.`,
        fixes: () => [replaceItem({ document, entry, item: name, by: meant })],
      },
    ];
  });
}

function onApplication(manifest: Manifest, { facts }: RuleContext): Report[] {
  return applicationOptions(manifest).flatMap(({ value, span, style }): Report[] => {
    const meant = holdsSeveral(value) ? undefined : meantOption(value);
    if (meant === undefined) return [];
    return [
      {
        level: levelOf(meant),
        span,
        message: `${value} is no option of Argo CD, letters count: ${consequence(meant, `what ${facts.label} applies`)} Write ${meant}.`,
        fixes: () => [replaceSpan({ span, style, was: value, by: meant })],
      },
    ];
  });
}

const PROTECTING: ReadonlySet<string> = new Set(['Prune=false', 'Prune=confirm', 'Delete=false', 'Delete=confirm']);

const levelOf = (meant: string): Level => (PROTECTING.has(meant) ? 'error' : 'warning');

function consequence(meant: string, what: string): string {
  switch (meant) {
    case 'Prune=false':
    case 'Prune=confirm':
      return `${what} is not protected, and a sync that prunes deletes it${meant.endsWith('confirm') ? ' without asking' : ''}.`;
    case 'Delete=false':
    case 'Delete=confirm':
      return `${what} is not protected, and is deleted with its Application${meant.endsWith('confirm') ? ' without asking' : ''}.`;
    default:
      return `it is ignored for ${what}.`;
  }
}
