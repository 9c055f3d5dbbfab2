import type { Cancellation } from './model.ts';

/** Something that can be given up. */
export function cancellation(): Cancellation & { cancel(): void } {
  let cancelled = false;
  const listeners: (() => void)[] = [];
  return {
    get cancelled() {
      return cancelled;
    },
    onCancelled(listener) {
      if (cancelled) listener();
      else listeners.push(listener);
    },
    cancel() {
      if (cancelled) return;
      cancelled = true;
      for (const listener of listeners) listener();
    },
  };
}
