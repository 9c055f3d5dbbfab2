import * as vscode from 'vscode';
import { isThere } from './places.ts';

/** Folder of the example within the workspace. */
const FOLDER = 'argocd-hooks-guide';

/** An application with a hook before the sync, one after it, and one that runs when it fails. */
const TEXT = `# Runs before anything else of the application is applied. Deleted when the whole sync has succeeded.
apiVersion: batch/v1
kind: Job
metadata:
  name: db-migration
  annotations:
    argocd.argoproj.io/hook: PreSync
    argocd.argoproj.io/hook-delete-policy: HookSucceeded
spec:
  backoffLimit: 0
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: migrate
          image: busybox:1.37
          command: [sh, -c, "echo migrating; sleep 15; echo done"]
---
# Applied first among the resources: the Deployment reads it.
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  annotations:
    argocd.argoproj.io/sync-wave: "-1"
data:
  greeting: hello
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels: { app: web }
  template:
    metadata:
      labels: { app: web }
    spec:
      containers:
        - name: web
          image: nginx:1.29
          envFrom:
            - configMapRef: { name: settings }
---
# Runs when everything of the sync is healthy.
apiVersion: batch/v1
kind: Job
metadata:
  generateName: notify-
  annotations:
    argocd.argoproj.io/hook: PostSync
    argocd.argoproj.io/hook-delete-policy: HookSucceeded
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
        - { name: notify, image: "busybox:1.37", command: [echo, "done"] }
---
# Runs only when the sync fails.
apiVersion: batch/v1
kind: Job
metadata:
  name: tidy
  annotations:
    argocd.argoproj.io/hook: SyncFail
    argocd.argoproj.io/hook-delete-policy: BeforeHookCreation
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
        - { name: tidy, image: "busybox:1.37", command: [echo, "cleaning up"] }
`;

/** Opens the example: in a folder of its own in the workspace, once the person agreed, else as unsaved text. */
export async function openGuide(): Promise<void> {
  const [root] = vscode.workspace.workspaceFolders ?? [];
  const file = root && vscode.Uri.joinPath(root.uri, FOLDER, 'guide.yaml');
  if (!file || !(await isThere(file))) {
    const write = 'Write the Example';
    const answer =
      file &&
      (await vscode.window.showInformationMessage(
        `The guide is an example application. Write it to ${FOLDER}/guide.yaml, so that the plan shows it?`,
        write,
        'Open It as Unsaved Text',
      ));
    if (file && answer === undefined) return;
    if (!file || answer !== write) {
      await vscode.window.showTextDocument(
        await vscode.workspace.openTextDocument({ language: 'yaml', content: TEXT }),
      );
      return;
    }
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(TEXT));
  }
  await vscode.window.showTextDocument(file);
}
