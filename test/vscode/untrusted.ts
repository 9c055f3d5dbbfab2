import assert from 'node:assert/strict';
import { DB_MIGRATION, GUIDE, openPlan, type Session } from './scenario.ts';

export const untrusted: Session = {
  name: 'untrusted',
  folder: GUIDE,
  server: { askForTrust: true, settings: { 'security.workspace.trust.startupPrompt': 'never' } },
  scenarios: [
    {
      name: 'an untrusted workspace has a plan, and no way to start a sync',
      run: async (workbench) => {
        await workbench.openFile(DB_MIGRATION);
        await openPlan(workbench);
        await workbench.expect(
          'the restricted mode in the status bar',
          () => workbench.page.locator('#workbench\\.parts\\.statusbar').innerText(),
          (text) => text.includes('Restricted Mode'),
        );
        const offered = await workbench.commandsFor('Argo CD Hooks: ');
        assert.ok(
          offered.some((title) => title.includes('Show Plan')),
          `offered: ${offered.join(', ')}`,
        );
        assert.ok(!offered.some((title) => /Run Sync|Simulate Sync/.test(title)), `offered: ${offered.join(', ')}`);
        await workbench.picture('untrusted');
      },
    },
  ],
};
