import { expect, test } from 'vitest';
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
    diff: ['- stringData.password: (secret)', '+ stringData.password: (secret)'],
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
