import { expect, test } from 'vitest';
import { ignoredReason } from '#core/plan/reasons';

const reasonOf = (hook: string): string =>
  ignoredReason({ metadata: { name: 'a', annotations: { 'argocd.argoproj.io/hook': hook } } }).text;

test.each([
  ['presync', 'PreSync'],
  ['Post-Sync', 'PostSync'],
  ['post-install', 'PostSync'],
  ['presync,postsync', 'PreSync and PostSync'],
  ['presync,PRESYNC', 'PreSync'],
  ['presync,nothing-like-it', 'PreSync'],
])('a hook of the unknown phase %j is told what was meant', (hook, meant) => {
  expect(reasonOf(hook).split('live copy.')[1]).toBe(` Did you mean ${meant}?`);
});

test('nothing is suggested where nothing is near', () => {
  expect(reasonOf('nothing-like-it')).toBe(
    '"nothing-like-it" is no phase of Argo CD: it never applies this manifest, and prunes a live copy.',
  );
});
