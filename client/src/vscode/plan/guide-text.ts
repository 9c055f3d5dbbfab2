/** An application with a hook before the sync, one after it, and one that runs when it fails. */
export const GUIDE_TEXT = `# Runs before anything else of the application is applied. Deleted when the whole sync has succeeded; what a failed
# sync left of it is deleted before the next one creates it anew.
apiVersion: batch/v1
kind: Job
metadata:
  name: db-migration
  annotations:
    argocd.argoproj.io/hook: PreSync
    argocd.argoproj.io/hook-delete-policy: BeforeHookCreation,HookSucceeded
spec:
  backoffLimit: 0
  activeDeadlineSeconds: 300
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
  backoffLimit: 1
  activeDeadlineSeconds: 60
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
  backoffLimit: 1
  activeDeadlineSeconds: 60
  template:
    spec:
      restartPolicy: Never
      containers:
        - { name: tidy, image: "busybox:1.37", command: [echo, "cleaning up"] }
`;
