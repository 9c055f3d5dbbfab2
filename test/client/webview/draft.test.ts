import { expect, test } from 'vitest';
import type { OperationChoices } from '../../../client/src/sync/model.ts';
import {
  isUpToDate,
  toAsk,
  withAsked,
  withChoice,
  withPreflight,
  type Draft,
} from '../../../client/src/webview/draft.ts';

const OFF: OperationChoices = {
  ...{ prune: false, pruneLast: false, dryRun: false, force: false, replace: false, serverSide: false },
  ...{ forceConflicts: false, applyOutOfSyncOnly: false, createNamespace: false, retry: 0 },
};
const WEB = { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'web' };
const SETTINGS = { group: '', kind: 'ConfigMap', namespace: 'shop', name: 'settings' };

const first = withPreflight(undefined, 1, OFF);

test('a preflight that has come can be answered', () => {
  expect([isUpToDate(first), toAsk(first)]).toEqual([true, undefined]);
});

test('where an option was changed nothing can be agreed to until the preflight of that option is there', () => {
  const pruning = { ...OFF, prune: true };
  let draft = withChoice(first, pruning);
  expect([isUpToDate(draft), toAsk(draft)]).toEqual([false, pruning]);
  draft = withAsked(draft);
  expect([isUpToDate(draft), toAsk(draft)]).toEqual([false, undefined]);
  draft = withPreflight(draft, 2, pruning);
  expect([isUpToDate(draft), draft.edition, toAsk(draft)]).toEqual([true, 2, undefined]);
});

test('an option that is changed back asks for nothing', () => {
  const draft = withChoice(withChoice(first, { ...OFF, prune: true }), { ...OFF });
  expect([isUpToDate(draft), toAsk(draft)]).toEqual([true, undefined]);
});

test('what is changed while an answer is on its way is asked for next, and the answer between cannot be agreed to', () => {
  const pruning = { ...OFF, prune: true };
  const both = { ...pruning, force: true };
  let draft = withChoice(withAsked(withChoice(first, pruning)), both);
  expect(toAsk(draft)).toBeUndefined();
  draft = withPreflight(draft, 2, pruning);
  expect([isUpToDate(draft), draft.chosen, toAsk(draft)]).toEqual([false, both, both]);
  draft = withPreflight(withAsked(draft), 3, both);
  expect(isUpToDate(draft)).toBe(true);
});

test('taken back on the way, the options before are asked for again', () => {
  const pruning = { ...OFF, prune: true };
  const draft = withPreflight(withChoice(withAsked(withChoice(first, pruning)), OFF), 2, pruning);
  expect([isUpToDate(draft), toAsk(draft)]).toEqual([false, OFF]);
});

test('what cannot be asked for is neither asked for nor agreed to', () => {
  const draft = withChoice(first, OFF, 'Choose at least one resource.');
  expect([isUpToDate(draft), toAsk(draft)]).toEqual([false, undefined]);
  const late: Draft = withPreflight(withChoice(withAsked(withChoice(first, { ...OFF, prune: true })), OFF, 'No.'), 2, {
    ...OFF,
    prune: true,
  });
  expect([isUpToDate(late), toAsk(late)]).toEqual([false, undefined]);
});

test('the order in which resources were chosen makes no difference', () => {
  const shown = withPreflight(undefined, 1, { ...OFF, resources: [WEB, SETTINGS] });
  expect(isUpToDate(withChoice(shown, { ...OFF, resources: [SETTINGS, WEB] }))).toBe(true);
  expect(isUpToDate(withChoice(shown, { ...OFF, resources: [WEB] }))).toBe(false);
  expect(isUpToDate(withChoice(shown, OFF))).toBe(false);
});
