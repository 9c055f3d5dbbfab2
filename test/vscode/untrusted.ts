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
        // The list shows only as many rows as fit: it is asked for each.
        const named = async (title: string): Promise<boolean> =>
          (await workbench.commandsFor(`Argo CD Hooks: ${title}`)).some((row) => row.includes(title));
        assert.ok(await named('Show Plan'));
        for (const title of ['Run Sync', 'Simulate Sync', 'Delete Application Resources'])
          assert.ok(!(await named(title)), `${title} is offered`);
        await workbench.picture('untrusted');
      },
    },
  ],
};
