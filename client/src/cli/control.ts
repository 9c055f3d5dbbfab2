import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { ControlMessage } from '../sync/events.ts';

/** The program that started us and decides in place of a person. */
export interface Controller {
  /** Resolves with its decision; the end of its messages is a no. */
  readonly decision: Promise<boolean>;
  /** Stops reading. */
  close(): void;
}

function readMessage(line: string): ControlMessage['type'] | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
    return type === 'confirm' || type === 'refuse' || type === 'terminate' ? type : undefined;
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
  const decision = new Promise<boolean>((resolve) => {
    lines.on('line', (line) => {
      const type = readMessage(line);
      if (type === 'confirm' || type === 'refuse') resolve(type === 'confirm');
      if (type === 'terminate') {
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
