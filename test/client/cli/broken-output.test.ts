import { expect, test } from 'vitest';
import { outputErrors } from '../../../client/src/cli/broken-output.ts';

const broken = (command: string, ...codes: string[]): string[] => {
  const done: string[] = [];
  const handle = outputErrors(command, {
    exit: (code) => done.push(`exit ${code}`),
    message: (text) => done.push(text),
  });
  for (const code of codes) handle(Object.assign(new Error('no space left on device'), { code }));
  return done;
};

test('a reader that has had enough leaves a command its own end, and its own exit code', () => {
  expect(broken('lint', 'EPIPE', 'ERR_STREAM_DESTROYED')).toEqual([]);
});

test('a sync goes on to its end, and says so once', () => {
  expect(broken('sync', 'EPIPE', 'EPIPE')).toEqual(['Nobody reads the output any more; the sync goes on to its end.']);
});

test('an output that is full is an error', () => {
  expect(broken('plan', 'ENOSPC')).toEqual(['The output cannot be written: no space left on device', 'exit 2']);
});
