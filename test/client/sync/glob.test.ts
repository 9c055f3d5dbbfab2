import { describe, expect, test } from 'vitest';
import { isProtected } from '../../../client/src/sync/glob.ts';

describe('isProtected', () => {
  test.each([
    ['prod', ['*prod*'], true],
    ['eu-PROD-1', ['*prod*'], true],
    ['kind-dev', ['*prod*', 'kind-dev'], true],
    ['kind-dev2', ['*prod*', 'kind-dev'], false],
    ['a.b', ['a?b', 'a.c'], false],
    ['anything', [], false],
  ])('%s by %j: %s', (context, patterns, expected) => {
    expect(isProtected(context, patterns)).toBe(expected);
  });
});
