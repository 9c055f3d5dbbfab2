import { describe, expect, it } from 'vitest';
import { nextTurn, SLICE_MS, Slices } from '../../server/src/lsp/turns.ts';

const burn = (ms: number): void => {
  const end = performance.now() + ms;
  while (performance.now() < end);
};

describe('work in slices', () => {
  it('goes on without waiting while a slice lasts, then lets everything pass that waits', async () => {
    const slices = new Slices();
    expect(slices.rest()).toBeUndefined();
    burn(SLICE_MS + 1);
    const rest = slices.rest();
    expect(rest).toBeInstanceOf(Promise);
    await rest;
    expect(slices.rest()).toBeUndefined();
  });

  it('gives several turns at a time: each message takes one', async () => {
    let messages = 0;
    const receive = (): void => {
      if (++messages < 3) setImmediate(receive);
    };
    setImmediate(receive);
    await nextTurn();
    expect(messages).toBe(3);
  });
});
