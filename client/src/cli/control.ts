import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { ControlMessage } from '../sync/events.ts';
import type { Answer } from '../sync/request.ts';

/** The program that started us and decides in place of a person. */
export interface Controller {
  /** Resolves with its decision; the end of its messages is a no. */
  readonly decision: Promise<Answer>;
  /** Stops reading. */
  close(): void;
}

function readMessage(line: string): ControlMessage | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null || !('type' in value)) return undefined;
    const { type } = value;
    if (type === 'confirm') return 'by' in value && value.by === 'argocd' ? { type, by: 'argocd' } : { type };
    return type === 'refuse' || type === 'terminate' ? { type } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Reads control messages, one JSON object a line. Their end terminates what runs; a line that is none is ignored, as
 * messages of a newer protocol would be.
 */
export function readControl(input: Readable, onTerminate: () => void): Controller {
  const lines = createInterface({ input, crlfDelay: Infinity });
  const decision = new Promise<Answer>((resolve) => {
    lines.on('line', (line) => {
      const message = readMessage(line);
      if (message?.type === 'confirm') resolve(message.by ?? true);
      if (message?.type === 'refuse') resolve(false);
      if (message?.type === 'terminate') {
        resolve(false);
        onTerminate();
      }
    });
    lines.on('close', () => {
      resolve(false);
      onTerminate();
    });
  });
  return {
    decision,
    close() {
      lines.removeAllListeners('close');
      lines.close();
      input.destroy();
    },
  };
}
