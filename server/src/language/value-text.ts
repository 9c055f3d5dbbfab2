import { isKnownSyncOption, knownValue, syncOption, type Annotation } from '../core/annotations/catalogue.ts';
import { SYNC_OPTIONS } from '../core/annotations/keys.ts';
import { nearest } from '../core/annotations/nearest.ts';
import { parseInteger } from '../core/annotations/parse.ts';
import { waveText } from '../core/plan/words.ts';
import { describeKey, describeValue, footer } from './describe.ts';
import { escaped } from './option-hover.ts';

/** Markdown about a value of an annotation, or about one item of its list. */
export function valueText(annotation: Annotation, value: string, argocdVersion: string): string {
  if (annotation.kind === 'integer') return integerText(value, annotation, argocdVersion);
  const known = knownValue(annotation, value);
  if (known) return describeValue(known, annotation, argocdVersion);
  const list = annotation.kind === 'list' || annotation.kind === 'options';
  return list ? unknownText(value, annotation, argocdVersion) : describeKey(annotation, argocdVersion);
}

function unknownText(name: string, annotation: Annotation, argocdVersion: string): string {
  const option = annotation.key === SYNC_OPTIONS ? syncOption(name) : undefined;
  if (option) return describeValue(option, annotation, argocdVersion);
  if (annotation.key === SYNC_OPTIONS && isKnownSyncOption(name)) {
    const overrides = name === 'Prune=true' || name === 'Delete=true';
    const what = overrides
      ? 'what holds anyway, unless the Application says otherwise: on the object it wins.'
      : 'what holds without it: it changes nothing.';
    return [`**${name}** — ${what}`, footer(annotation.since, annotation.link, argocdVersion)].join('\n\n');
  }
  const meant = nearest(
    name,
    annotation.values.map((value) => value.name),
  );
  return [
    `**${escaped(name)}** — no value that Argo CD knows for \`${annotation.key}\`.${meant ? ` Did you mean ${meant}?` : ''}`,
    annotation.ifInvalid,
    footer(annotation.since, annotation.link, argocdVersion),
  ].join('\n\n');
}

function integerText(value: string, annotation: Annotation, argocdVersion: string): string {
  const wave = parseInteger(value);
  const head =
    wave === undefined
      ? `**${escaped(value) || 'An empty value'}** — no integer. ${annotation.ifInvalid}`
      : `**${waveText(wave)}** — lower waves come before it, higher ones after it, within its phase.`;
  return [head, annotation.detail, footer(annotation.since, annotation.link, argocdVersion)].join('\n\n');
}
