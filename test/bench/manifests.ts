const KINDS = [
  ['v1', 'ConfigMap'],
  ['apps/v1', 'Deployment'],
  ['v1', 'Service'],
  ['batch/v1', 'Job'],
  ['v1', 'Secret'],
] as const;
const PHASES = ['PreSync', 'PostSync', 'Sync', 'SyncFail', 'PreSync,PostSync'];

const POD = `  template:
    spec:
      serviceAccountName: shop
      restartPolicy: Never
      containers:
        - name: main
          image: registry.example.com/shop:1.4.2
          command: ["/bin/sh", "-c", "exec /app/run --all"]
          envFrom:
            - configMapRef:
                name: settings
          env:
            - name: DB_HOST
              value: "db.internal"
            - name: PASSWORD
              valueFrom:
                secretKeyRef:
                  name: keys
                  key: password
          resources:
            requests:
              cpu: 100m
              memory: 128Mi
`;

/** A manifest of about 40 lines: kinds, hooks and waves take turns with the number. */
export function manifestText(n: number): string {
  const [apiVersion, kind] = KINDS[n % KINDS.length] ?? KINDS[0];
  const hook = kind === 'Job' ? `    argocd.argoproj.io/hook: ${PHASES[n % PHASES.length] ?? ''}\n` : '';
  const spec = kind === 'Job' || kind === 'Deployment' ? `spec:\n${POD}` : 'data:\n  a: "1"\n';
  return `apiVersion: ${apiVersion}
kind: ${kind}
metadata:
  name: ${kind.toLowerCase()}-${n}
  namespace: shop
  labels:
    app.kubernetes.io/name: shop
  annotations:
    example.com/team: shop
${hook}    argocd.argoproj.io/sync-wave: "${(n * 7) % 5}"
${spec}`;
}

/** A file of so many manifests. */
export const fileText = (from: number, count: number): string =>
  Array.from({ length: count }, (_, i) => manifestText(from + i)).join('---\n');
