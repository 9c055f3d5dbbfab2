import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { readChoices } from '../sync/choices.ts';
import { Decisions } from '../sync/decisions.ts';
import type { ControlMessage } from '../sync/events.ts';

/** The program that started us and decides in place of a person. */
export interface Controller {
  /** What it decides about each preflight; the end of its messages is a no. */
  readonly decisions: Decisions;
  /** Stops reading. */
  close(): void;
}

function readMessage(line: string): ControlMessage | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null || !('type' in value)) return undefined;
    const { type } = value;
    const about = 'edition' in value && typeof value.edition === 'number' ? { edition: value.edition } : {};
    if (type === 'confirm')
      return 'by' in value && value.by === 'argocd' ? { type, by: 'argocd', ...about } : { type, ...about };
    if (type === 'revise') {
      const choices = 'choices' in value ? readChoices(value.choices) : undefined;
      return choices && { type, choices, ...about };
    }
    return type === 'refuse' || type === 'terminate' || type === 'approve' ? { type } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Reads control messages, one JSON object a line. Their end terminates what runs; a line that is none is ignored, as
 * messages of a newer protocol would be.
 */
export function readControl(input: Readable, onTerminate: () => void, onApprove?: () => void): Controller {
  const lines = createInterface({ input, crlfDelay: Infinity });
  const decisions = new Decisions();
  lines.on('line', (line) => {
    const message = readMessage(line);
    if (message) decisions.take(message);
    if (message?.type === 'terminate') onTerminate();
    if (message?.type === 'approve') onApprove?.();
  });
  lines.on('close', () => {
    decisions.refuse();
    onTerminate();
  });
  return {
    decisions,
    close() {
      lines.removeAllListeners('close');
      lines.close();
      input.destroy();
    },
  };
}
