import { writeJson } from '#core/json';
import type { Json } from '#core/object';
import type { RunEvent } from '../../sync/events.ts';
import { styled, type Output } from '../output.ts';
import { LiveView } from '../text/live.ts';
import { eventLine } from '../text/run.ts';

/** Shows the events of a run as they come. */
export interface EventPrinter {
  show(event: RunEvent): void;
  /** The run is over. */
  close(): void;
}

/** One JSON object a line. */
export const jsonPrinter = (output: Output, withPreflight: boolean): EventPrinter => ({
  show(event) {
    if (event.type === 'preflight' && !withPreflight) return;
    output.data(`${writeJson(event as unknown as Json)}\n`);
  },
  close: () => undefined,
});

/** Lines, or on a terminal the list of tasks redrawn in place with states and times. */
export function textPrinter(output: Output, now: () => number): EventPrinter {
  const view = output.live ? new LiveView(output, now) : undefined;
  return {
    show(event) {
      if (event.type === 'error') return output.message(styled(output, 'red', event.message));
      if (view?.show(event) === true) return;
      const line = eventLine(event, output);
      if (line !== '') output.data(`${line}\n`);
    },
    close: () => view?.close(),
  };
}
