import { syncOptionsFor, type SyncOption } from '../../core/annotations/catalogue.ts';
import { isAtLeast } from '../../core/versions.ts';
import type { OptionContext } from './context-model.ts';
import { clashes } from './values.ts';

/** An option that is offered, before it is given the shape of the protocol. */
export interface OfferedOption {
  readonly option: SyncOption;
  readonly newText: string;
  /** The first Argo CD that reads it there, where the configured one is older. */
  readonly needs?: string;
}

/** Options of a whole Application that are not in its list yet; those that this Argo CD does not read there come last. */
export function offeredOptions({ existing, prefix, suffix }: OptionContext, argocdVersion: string): OfferedOption[] {
  return syncOptionsFor('application')
    .filter(({ name }) => !existing.includes(name) && !clashes(name, existing))
    .map((option) => {
      const since = option.sinceInApplication ?? option.since;
      const needs = isAtLeast(argocdVersion, since) ? {} : { needs: since };
      return { option, newText: prefix + option.name + suffix, ...needs };
    })
    .sort((a, b) => Number(a.needs !== undefined) - Number(b.needs !== undefined));
}
