import type { Workbench } from '../../client/scripts/vscode-host/workbench.ts';
import { GUIDE, openPlan, planRows, type Scenario, type Session } from './scenario.ts';

const expectNotification = (workbench: Workbench, what: string, parts: readonly string[]): Promise<string[]> =>
  workbench.expect(
    what,
    () => workbench.notifications(),
    (texts) => texts.some((text) => parts.every((part) => text.includes(part))),
    60_000,
  );

const whatIf: Scenario = {
  name: 'What if This Fails? on a hook shows at once what a failure leads to',
  run: async (workbench) => {
    await openPlan(workbench);
    await workbench.widenSideBar(520);
    await workbench.rowMenu('db-migration-job', 'What if This Fails?');
    await expectNotification(workbench, 'what happens, and what the next sync comes to', [
      'If Job db-migration-job fails, the sync of sync-hooks-2 fails in PreSync',
      'There is no SyncFail hook that would run.',
      'Not reached: Service nginx, Deployment nginx',
      'Left in the cluster: Namespace sync-hooks-2, Job db-migration-job.',
      'the next sync still does not succeed: it finds Job db-migration-job as it was left',
    ]);
    await workbench.expect(
      'the outcome on the plan',
      () => planRows(workbench),
      (rows) =>
        /simulation · failed/.test(rows[0] ?? '') &&
        rows.some((row) => /db-migration-job {2}⚓ Job · failed after 0:15/.test(row)) &&
        rows.some((row) => /nginx {2}Deployment · not reached/.test(row)),
    );
    await workbench.picture('what-if');
    await workbench.answer('Back to the Plan');
    await workbench.expect(
      'the plan without a run',
      () => planRows(workbench),
      (rows) => (rows[0] ?? '').startsWith('sync-hooks-2  sync-hooks · 6 resources'),
    );
  },
};

const isQuestion = (workbench: Workbench, what: string, first: string, others: readonly string[]): Promise<string[]> =>
  workbench.expect(
    what,
    () => workbench.quickPickRows(),
    (rows) => (rows[0] ?? '').includes(first) && others.every((other) => rows.some((row) => row.includes(other))),
  );

const letFail: Scenario = {
  name: 'Simulate Sync asks what is to be shown, by the keyboard, and remembers it',
  run: async (workbench) => {
    await workbench.command('Argo CD Hooks: Simulate Sync…');
    await isQuestion(workbench, 'the choices', 'First Install', ['Let a Hook Fail…', 'Let a Hook Hang…']);
    await workbench.picture('simulate-choices');
    await workbench.type('let a hook fail');
    await isQuestion(workbench, 'the one that was typed', 'Let a Hook Fail…', []);
    await workbench.press('Enter');
    await isQuestion(workbench, 'the hooks, then the resources', 'db-migration-job', ['cleanup-job', 'nginx']);
    await workbench.picture('simulate-which-fails');
    await workbench.page.locator('.quick-input-left-action-bar .action-label').first().click();
    await isQuestion(workbench, 'the choices again', 'First Install', []);
    await workbench.type('let a hook fail');
    await isQuestion(workbench, 'the one that was typed', 'Let a Hook Fail…', []);
    await workbench.press('Enter');
    await isQuestion(workbench, 'the hooks', 'db-migration-job', ['cleanup-job']);
    await workbench.type('cleanup');
    await isQuestion(workbench, 'the hook that was typed', 'cleanup-job', []);
    await workbench.press('Enter');
    await workbench.webview().locator('dd', { hasText: 'first install; Job cleanup-job fails' }).waitFor();
    await workbench.picture('simulate-preflight');
    await workbench.webview().locator('button.primary').click();
    await workbench.expect(
      'the sync fails at that hook',
      () => planRows(workbench),
      (rows) =>
        /simulation · failed/.test(rows[0] ?? '') &&
        rows.some((row) => /cleanup-job {2}⚓ Job · failed after 0:\d\d · deleted/.test(row)) &&
        rows.some((row) => /nginx {2}Deployment · done/.test(row)),
      90_000,
    );
    await workbench.picture('simulate-failed');
    await workbench.command('Argo CD Hooks: Simulate Sync…');
    await isQuestion(workbench, 'the last choice first', 'Job cleanup-job Fails', ['First Install', 'as last time']);
    await workbench.picture('simulate-again');
    await workbench.press('Escape');
    await workbench.expect(
      'nothing asked any more',
      () => workbench.quickPickRows(),
      (rows) => rows.length === 0,
    );
  },
};

export const simulating: Session = { name: 'simulating', folder: GUIDE, scenarios: [whatIf, letFail] };
