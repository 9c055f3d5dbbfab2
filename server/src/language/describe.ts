import { syncOption, type Annotation, type KnownValue, type SyncOption } from '../core/annotations/catalogue.ts';
import { OPTIONS_PAGE } from '../core/annotations/pages.ts';
import { isAtLeast } from '../core/versions.ts';

/** Markdown about a key: what it is for, what holds without it and after a mistake, since when, where to read on. */
export function describeKey(annotation: Annotation, argocdVersion: string): string {
  return [
    `**${annotation.key}** — ${lowerFirst(annotation.summary)}`,
    annotation.detail,
    `Without it: ${lowerFirst(annotation.default)} ${annotation.ifInvalid}`,
    footer(annotation.since, annotation.link, argocdVersion),
  ].join('\n\n');
}

/** Markdown about one value of an annotation: meaning, consequence, since when, where to read on. */
export function describeValue(value: KnownValue, annotation: Annotation, argocdVersion: string): string {
  const ignored =
    syncOption(value.name)?.readBy === 'application'
      ? ' Only an Application’s `syncOptions` reads it: here it is ignored.'
      : '';
  return [
    `**${value.name}** — ${lowerFirst(value.summary)}`,
    value.consequence + ignored,
    footer(value.since, annotation.link, argocdVersion, applicationNote(value.name)),
  ].join('\n\n');
}

/** Markdown about an option within an Application's `syncOptions`, where it holds for everything that is synced. */
export function describeApplicationOption(option: SyncOption, argocdVersion: string): string {
  const { name, summary, consequence, readBy, since, sinceInApplication = since } = option;
  const note = sinceInApplication === since ? '' : ` (in the annotation of a resource since ${since})`;
  const scope = readBy === 'both' ? 'Here it holds for every resource of the Application.' : '';
  return [
    `**${name}** — ${lowerFirst(summary)}`,
    [consequence, scope].filter((text) => text !== '').join(' '),
    footer(sinceInApplication, OPTIONS_PAGE, argocdVersion, note),
  ].join('\n\n');
}

/** `Since Argo CD 0.8 · Documentation`, and a warning where the configured Argo CD is older. */
export function footer(since: string, link: string, argocdVersion: string, note = ''): string {
  const documentation = `[Documentation](${link})`;
  return isAtLeast(argocdVersion, since)
    ? `Since Argo CD ${since}${note} · ${documentation}`
    : `Needs Argo CD ${since}${note}: ${argocdVersion} does not know it. · ${documentation}`;
}

const applicationNote = (name: string): string => {
  const since = syncOption(name)?.sinceInApplication;
  return since ? ` (for a whole Application since ${since})` : '';
};

/** Only words that are no names are written small behind a dash. */
const lowerFirst = (text: string): string =>
  /^[A-Z][a-z]*[\s’]/.test(text) && !/^(Helm|Argo|Git|Kubernetes)\b/.test(text)
    ? text.charAt(0).toLowerCase() + text.slice(1)
    : text;

/** Markdown as plain text, for clients that show no other. */
export const plainText = (markdown: string): string =>
  markdown
    .replace(/\[([^\]]*)\]\(([^)]*)\)/g, '$1: $2')
    .replace(/\*\*([^*]*)\*\*/g, '$1')
    .replace(/`([^`]*)`/g, '$1')
    .replace(/\n---\n/g, '\n');
