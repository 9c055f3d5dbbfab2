import { describe, expect, test } from 'vitest';
import { Redactor } from '../../../client/src/sync/redact.ts';
import { objects, sync, world } from '../simulated.ts';

const PASSWORD = 'correct-horse-battery';
const TOKEN = 'eyJhbGciOiJub25lIn0.secret';
const ENCODED = Buffer.from(TOKEN).toString('base64');

const application = (password: string) =>
  objects(`
apiVersion: v1
kind: Secret
metadata: {name: credentials}
stringData: {password: "${password}"}
data: {token: ${ENCODED}}
---
apiVersion: batch/v1
kind: Job
metadata:
  name: leak
  annotations: {argocd.argoproj.io/hook: PostSync}
spec:
  backoffLimit: 0
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: main
          image: busybox
          command: [sh, -c, "echo the password is ${password}; echo ${ENCODED}"]
`);

const texts = (...values: readonly unknown[]): string => JSON.stringify(values);

test('values of Secrets are in no event: not in differences, results, messages or logs', async () => {
  const place = world();
  const first = await sync(place, application(PASSWORD));
  await place.clock.sleep(5000);
  const second = await sync(place, application(`${PASSWORD}-2`));
  const told = texts(first.events, second.events);
  for (const value of [PASSWORD, TOKEN, ENCODED]) expect(told).not.toContain(value);
  const secret = second.preflight.rows.find(({ task }) => task === '/Secret/shop/credentials');
  expect(secret).toMatchObject({
    change: 'change',
    diff: ['- data.password: (secret)', '+ data.password: (secret)'],
  });
  const logs = second.events.flatMap((event) => (event.type === 'log' ? [event.line] : []));
  expect(logs).toContain('the password is (secret)');
});

test('a Secret that the cluster alone knows is hidden too', async () => {
  const place = world();
  await sync(place, application(PASSWORD));
  await place.clock.sleep(5000);
  // The Secret is not in the manifests any more, and still in the cluster.
  const leaking = application(PASSWORD).slice(1);
  const ran = await sync(place, leaking, { furtherKinds: [{ group: '', version: 'v1', kind: 'Secret' }] });
  expect(texts(ran.events)).not.toContain(PASSWORD);
});

describe('the redactor', () => {
  const knowing = (
    stringData: Readonly<Record<string, string>>,
    data: Readonly<Record<string, string>> = {},
  ): Redactor => {
    const redactor = new Redactor();
    redactor.learn({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, stringData, data });
    return redactor;
  };
  const base64 = (text: string): string => Buffer.from(text).toString('base64');

  test.each(['correct-horse', 'päßwörd €', 'a/b+c=d?', 'x\ud83d\udd11yz', 'with a line end\n', 'two\nlines'])(
    'hides the base64 of %j, which stands in stringData',
    (value) => {
      expect(knowing({ key: value }).hide(`got ${base64(value)}!`)).toBe('got (secret)!');
    },
  );

  test('hides what stands behind base64 in data', () => {
    expect(knowing({}, { key: base64('päßwörd') }).hide(`päßwörd is ${base64('päßwörd')}`)).toBe(
      '(secret) is (secret)',
    );
  });

  test.each(['k3y!', 'a.b*c', 'x1y2', '$^[]('])('hides the short value %j where it stands alone', (value) => {
    const redactor = knowing({ key: value });
    expect(redactor.hide(`key=${value}, "${value}" ${value}`)).toBe('key=(secret), "(secret)" (secret)');
    expect(redactor.hide(base64(value))).toBe('(secret)');
  });

  test('leaves a short value alone inside of a name', () => {
    expect(knowing({ key: 'x1y2' }).hide('pod web-x1y2 ax1y2 x1y2_')).toBe('pod web-x1y2 ax1y2 x1y2_');
  });

  test.each(['true', 'Admin', '5432', '80', 'abc', ''])('leaves %j alone, which says nothing', (value) => {
    const text = `enabled: ${value}, user ${value}`;
    expect(knowing({ key: value }).hide(text)).toBe(text);
  });
});
