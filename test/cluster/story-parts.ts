import { objects } from '../client/simulated.ts';
import type { Step } from './both-worlds.ts';

export const step = (text: string, more: Omit<Step, 'objects'> = {}): Step => ({ objects: objects(text), ...more });

export const job = (name: string, more: { annotations?: string; pod?: string; spec?: string } = {}): string => `
---
apiVersion: batch/v1
kind: Job
metadata: {${name}, annotations: {${more.annotations ?? ''}}}
spec:
  backoffLimit: 0
  ${more.spec ?? ''}
  template:
    metadata: {annotations: {test.argocd-hooks.dev/after: 200ms, ${more.pod ?? ''}}}
    spec: {restartPolicy: Never, containers: [{name: main, image: 'busybox:1'}]}
`;
export const config = (name: string, data: string, more = ''): string => `
---
apiVersion: v1
kind: ConfigMap
metadata: {name: ${name}${more === '' ? '' : `, ${more}`}}
data: {a: '${data}'}
`;
export const hook = (phases: string, policy = ''): string =>
  `argocd.argoproj.io/hook: '${phases}'${policy === '' ? '' : `, argocd.argoproj.io/hook-delete-policy: ${policy}`}`;
export const FAILS = 'test.argocd-hooks.dev/pod: fail';
export const HANGS = 'test.argocd-hooks.dev/pod: hang';

export const deployment = (containers: string, more = ''): string => `
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: d}
spec:
  ${more}
  selector: {matchLabels: {a: b}}
  template: {metadata: {labels: {a: b}}, spec: {containers: ${containers}}}
`;
