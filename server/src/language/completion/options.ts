import { syncOptionsFor, type SyncOption } from '../../core/annotations/catalogue.ts';
import { isAtLeast } from '../../core/versions.ts';
import type { OptionContext } from './context.ts';
import { clashes } from './values.ts';

/** An option that is offered, before it is given the shape of the protocol. */
export interface OfferedOption {
  readonly option: SyncOption;
  readonly newText: string;
}

/** Options of a whole Application that are not in its list yet, and that this Argo CD reads there. */
export function offeredOptions({ existing, prefix, suffix }: OptionContext, argocdVersion: string): OfferedOption[] {
  return syncOptionsFor('application')
    .filter(({ name }) => !existing.includes(name) && !clashes(name, existing))
    .filter(({ since, sinceInApplication = since }) => isAtLeast(argocdVersion, sinceInApplication))
    .map((option) => ({ option, newText: prefix + option.name + suffix }));
}
