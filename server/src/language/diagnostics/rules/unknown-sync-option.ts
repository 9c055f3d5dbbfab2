import {
  isApplicationOnlyOption,
  isKnownSyncOption,
  SYNC_OPTION_LIST,
  syncOption,
  syncOptionsFor,
} from '../../../core/annotations/catalogue.ts';
import { SYNC_OPTIONS } from '../../../core/annotations/keys.ts';
import { nearest } from '../../../core/annotations/nearest.ts';
import { isAtLeast } from '../../../core/versions.ts';
import type { Manifest } from '../../../manifest/model.ts';
import { replaceItem, replaceSpan } from '../fixes.ts';
import { OPTIONS_PAGE } from '../../../core/annotations/pages.ts';
import { meantOption } from './option-value-case.ts';
import type { Report, Rule, RuleContext } from '../model.ts';

const RESOURCE_NAMES = SYNC_OPTION_LIST.map((option) => option.name);
const APPLICATION_NAMES = syncOptionsFor('application').map((option) => option.name);
import { applicationOptions, holdsSeveral, resourceOptions } from '../sync-options.ts';

/** Sync options, of resources and of Applications, that Argo CD looks for nowhere. */
export const unknownSyncOption: Rule = {
  id: 'unknown-sync-option',
  defaultLevel: 'warning',
  levels: ['warning'],
  title: 'A sync option is none that Argo CD knows.',
  docs: `Argo CD compares sync options letter by letter (\`Prune=False\` is none) and ignores those that it does not know
without a word. In an Application’s \`syncOptions\` each item of the list is one option: several in one item with commas
between them match nothing, and options that only resources read, such as \`Force=true\`, have no effect there. Nor have
those that are newer than the Argo CD that is configured.`,
  link: OPTIONS_PAGE,
  examples: {
    bad: `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  annotations:
    argocd.argoproj.io/sync-options: SkipDryRun=true
`,
    good: `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  annotations:
    argocd.argoproj.io/sync-options: SkipDryRunOnMissingResource=true
`,
  },
  about: ['sync-options', 'application'],
  parts: true,
  check: (manifest, context) => [...onResource(manifest, context), ...onApplication(manifest, context)],
};

/** Options that people make up, by what they want. */
const MADE_UP: Readonly<Record<string, string>> = {
  skipprune: 'Prune=false',
  noprune: 'Prune=false',
  skipdelete: 'Delete=false',
  nodelete: 'Delete=false',
  skipvalidation: 'Validate=false',
  skipvalidate: 'Validate=false',
  createns: 'CreateNamespace=true',
};

/** The option that was probably meant: one that says it in other words, else the nearest in letters. */
function meantBy(name: string, known: readonly string[]): string | undefined {
  const word = name.replace(/=true$/i, '').toLowerCase();
  const said = Object.hasOwn(MADE_UP, word) ? MADE_UP[word] : undefined;
  return said !== undefined && known.includes(said) ? said : nearest(name, known);
}

/** What is said of an option that a later Argo CD reads, and the configured one does not. */
const tooOld = (option: string, where: string, since: string, version: string): string =>
  `Argo CD ${version} does not know ${option}${where}, which came with ${since}: it is ignored.`;

function onResource(manifest: Manifest, { document, facts, argocdVersion }: RuleContext): Report[] {
  const options = resourceOptions(document, manifest);
  const early = options.flatMap(({ name, span }): Report[] => {
    const option = syncOption(name);
    if (!option || option.readBy === 'application' || isAtLeast(argocdVersion, option.since)) return [];
    return [{ level: 'warning', span, message: tooOld(name, ` on ${facts.label}`, option.since, argocdVersion) }];
  });
  const unknown = options
    .filter(({ name }) => !isKnownSyncOption(name) && !isApplicationOnlyOption(name) && meantOption(name) === undefined)
    .map(({ name, span, entry }): Report => {
      const meant = meantBy(name, RESOURCE_NAMES);
      return {
        level: 'warning',
        span,
        message: `"${name}" is no sync option of Argo CD: it is ignored on ${facts.label}.${meant ? ` Did you mean ${meant}?` : ''}`,
        fixes: () => (meant ? [replaceItem({ document, entry, item: name, by: meant })] : []),
      };
    });
  return [...early, ...unknown];
}

function onApplication(manifest: Manifest, { facts, argocdVersion }: RuleContext): Report[] {
  return applicationOptions(manifest).flatMap(({ value, span, style }): Report[] => {
    // What holds several options, and what is written in the wrong case, is told by other rules.
    if (holdsSeveral(value) || meantOption(value) !== undefined) return [];
    const application = facts.label;
    const option = syncOption(value);
    const since = option?.sinceInApplication ?? option?.since;
    if (option && option.readBy !== 'resource' && since !== undefined && !isAtLeast(argocdVersion, since))
      return [
        {
          level: 'warning',
          span,
          message: tooOld(value, ` in syncOptions of ${application}`, since, argocdVersion),
        },
      ];
    if (option?.readBy === 'resource' && value !== 'ServerSideApply=false')
      return [
        {
          level: 'warning',
          span,
          message: `Only resources read ${value}: in syncOptions of ${application} it is ignored. Put it into the annotation ${SYNC_OPTIONS} of the resources that need it.`,
        },
      ];
    if (isKnownSyncOption(value)) return [];
    const meant = meantBy(value, APPLICATION_NAMES);
    return [
      {
        level: 'warning',
        span,
        message: `"${value}" is no sync option of Argo CD: ${application} is synced without it.${meant ? ` Did you mean ${meant}?` : ''}`,
        fixes: () => (meant ? [replaceSpan({ span, style, was: value, by: meant })] : []),
      },
    ];
  });
}
