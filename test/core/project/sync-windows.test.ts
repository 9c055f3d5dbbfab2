import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '#core/object';
import { closedWindow, type WindowSubject } from '#core/project/sync-windows';

const SHOP: WindowSubject = {
  application: 'shop',
  namespace: 'web',
  clusters: ['https://kubernetes.default.svc', 'in-cluster'],
};
/** A Thursday. */
const NOW = '2026-11-26T03:00';

const project = (windows: string): KubeObject => load(`spec: {syncWindows: [${windows}]}`) as KubeObject;

/** `deny until …`, `allow until …`; undefined: Argo CD would sync. */
function closed(windows: string, now = NOW, subject = SHOP): string | undefined {
  const found = closedWindow(project(windows), subject, Date.parse(`${now}:00Z`));
  if (!found) return undefined;
  const until = found.until === undefined ? 'ever' : new Date(found.until).toISOString().slice(0, 16);
  return `${found.kind} until ${until}`;
}

const NIGHT = 'schedule: "0 22 * * *", duration: 8h, applications: ["*"]';
const OFFICE = 'schedule: "0 9 * * 1-5", duration: 8h, applications: ["*"]';

describe('a window that denies', () => {
  test('keeps Argo CD from syncing while it is open', () => {
    expect(closed(`{kind: deny, ${NIGHT}}`)).toBe('deny until 2026-11-26T06:00');
    expect(closed(`{kind: deny, ${NIGHT}}`, '2026-11-26T06:00')).toBeUndefined();
    expect(closed(`{kind: deny, ${NIGHT}}`, '2026-11-26T22:01')).toBe('deny until 2026-11-27T06:00');
  });

  test('lets a sync by hand through where it says so, and only where all do', () => {
    const lenient = `{kind: deny, ${NIGHT}, manualSync: true}`;
    expect(closed(lenient)).toBeUndefined();
    expect(closed(`${lenient}, {kind: deny, ${NIGHT}}`)).toBe('deny until 2026-11-26T06:00');
  });

  test('goes before one that allows', () => {
    expect(closed(`{kind: allow, ${NIGHT}}, {kind: deny, ${NIGHT}}`)).toBe('deny until 2026-11-26T06:00');
  });
});

describe('windows that allow', () => {
  test('keep Argo CD from syncing while none of them is open', () => {
    expect(closed(`{kind: allow, ${OFFICE}}`)).toBe('allow until 2026-11-26T09:00');
    expect(closed(`{kind: allow, ${OFFICE}}`, '2026-11-28T12:00')).toBe('allow until 2026-11-30T09:00');
    expect(closed(`{kind: allow, ${OFFICE}}, {kind: allow, ${NIGHT}}`)).toBeUndefined();
  });

  test('do not where a sync by hand is allowed by all of them', () => {
    expect(closed(`{kind: allow, ${OFFICE}, manualSync: true}`)).toBeUndefined();
  });
});

test('the time zone is that of the window; an unknown one is UTC', () => {
  const zone = (name: string): string => `{kind: deny, ${NIGHT}, timeZone: ${name}}`;
  expect(closed(zone('Europe/Berlin'))).toBe('deny until 2026-11-26T05:00');
  expect(closed(zone('Asia/Kolkata'), '2026-11-26T00:00')).toBe('deny until 2026-11-26T00:30');
  expect(closed(zone('America/New_York'), '2026-11-26T02:00')).toBeUndefined();
  expect(closed(zone('Nowhere/Else'))).toBe('deny until 2026-11-26T06:00');
});

describe('whom a window means', () => {
  const when = 'kind: deny, schedule: "* * * * *", duration: 1h';
  const isMeant = (who: string): boolean => closed(`{${when}, ${who}}`) !== undefined;

  test('one of applications, clusters and namespaces is enough', () => {
    expect(isMeant('applications: [other, "sh?p"]')).toBe(true);
    expect(isMeant('applications: [other]')).toBe(false);
    expect(isMeant('applications: [other], namespaces: [web]')).toBe(true);
    expect(isMeant('clusters: [in-cluster]')).toBe(true);
    expect(isMeant('clusters: ["https://*.svc"]')).toBe(true);
    expect(isMeant('namespaces: ["{web,api}"]')).toBe(true);
    expect(isMeant('description: nobody')).toBe(false);
  });

  test('with andOperator all that are named have to fit', () => {
    expect(isMeant('andOperator: true, applications: [shop], namespaces: [api]')).toBe(false);
    expect(isMeant('andOperator: true, applications: [shop], namespaces: [web]')).toBe(true);
    expect(isMeant('andOperator: true, namespaces: [web]')).toBe(true);
    expect(isMeant('andOperator: true')).toBe(false);
  });
});

test('a window that cannot be read is no reason to warn', () => {
  expect(closed('{kind: allow, schedule: "at night", duration: 8h, applications: ["*"]}')).toBeUndefined();
  expect(closed('{kind: deny, schedule: "* * * * *", duration: long, applications: ["*"]}')).toBeUndefined();
  expect(closedWindow({ spec: { syncWindows: 'none' } }, SHOP, 0)).toBeUndefined();
});
