import { isKnownSyncOption, syncOption, syncOptionsFor } from '../core/annotations/catalogue.ts';
import { OPTIONS_PAGE } from '../core/annotations/pages.ts';
import { nearest } from '../core/annotations/nearest.ts';
import type { ListEntry } from '../manifest/model.ts';
import { describeApplicationOption } from './describe.ts';
import type { HoverText } from './hover-text.ts';

const NAMES = syncOptionsFor('application').map(({ name }) => name);

/** What is known about an item of an Application's `spec.syncPolicy.syncOptions`; undefined for templates. */
export function optionHover({ value, span, templated }: ListEntry, argocdVersion: string): HoverText | undefined {
  if (templated) return undefined;
  if (typeof value !== 'string') return { span, markdown: 'An option is a text: put it in quotes.' };
  const option = syncOption(value);
  if (option && option.readBy !== 'resource')
    return { span, markdown: describeApplicationOption(option, argocdVersion) };
  const documentation = `[Documentation](${OPTIONS_PAGE})`;
  return { span, markdown: [otherText(value), documentation].join('\n\n') };
}

/** About an item that has no effect in an Application. */
function otherText(value: string): string {
  if (syncOption(value) && value !== 'ServerSideApply=false')
    return `**${value}** — only resources read it: in an Application it is ignored. Put it into the annotation \`argocd.argoproj.io/sync-options\` of the resources that need it.`;
  if (isKnownSyncOption(value)) return `**${value}** — what holds without it: it changes nothing.`;
  const head = `**${escaped(value)}** — no sync option of Argo CD: the Application is synced without it.`;
  if (value.includes(',')) return `${head} Each item of the list is one option: give every option an item of its own.`;
  const meant = nearest(value, NAMES);
  return meant === undefined ? head : `${head} Did you mean ${meant}?`;
}

/** A value of the user's within Markdown: nothing in it may be taken for markup. */
export const escaped = (text: string): string => text.slice(0, 80).replace(/[\\`*_{}[\]()#+.!<>|~-]/g, '\\$&');
