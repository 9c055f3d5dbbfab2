import { generateNameOf, namespaceOf } from '../../../core/object.ts';
import { hasTemplate } from '../../../manifest/template.ts';
import { listed } from '../../naming.ts';
import { hasGeneratedName } from '../../policies.ts';
import { setNamePrefix } from '../fixes-fields.ts';
import type { ApplicationContext, ApplicationManifest, ApplicationReport, Rule } from '../model.ts';

/** Two hooks of one name. Seen on Argo CD 3.6.1; source: gitops-engine/pkg/sync/sync_context.go `getSyncTasks`. */
export const generateNameCollision: Rule = {
  id: 'generate-name-collision',
  defaultLevel: 'error',
  levels: ['error'],
  title: 'Two hooks of one phase, kind and namespace have the same generateName.',
  docs: `Argo CD makes the name of a hook from its \`generateName\`, the commit, the phase and the second in which the sync
began: nothing in it is random. Two hooks that agree in these get the same name, and the second one fails the sync
(\`already exists\`, or \`field is immutable\`). Give each a prefix of its own.`,
  examples: {
    bad: `apiVersion: batch/v1
kind: Job
metadata:
  generateName: notify-
  annotations:
    argocd.argoproj.io/hook: PostSync
    argocd.argoproj.io/hook-delete-policy: HookSucceeded
---
apiVersion: batch/v1
kind: Job
metadata:
  generateName: notify-
  annotations:
    argocd.argoproj.io/hook: PostSync
    argocd.argoproj.io/hook-delete-policy: HookSucceeded
`,
    good: `apiVersion: batch/v1
kind: Job
metadata:
  generateName: notify-slack-
  annotations:
    argocd.argoproj.io/hook: PostSync
    argocd.argoproj.io/hook-delete-policy: HookSucceeded
---
apiVersion: batch/v1
kind: Job
metadata:
  generateName: notify-mail-
  annotations:
    argocd.argoproj.io/hook: PostSync
    argocd.argoproj.io/hook-delete-policy: HookSucceeded
`,
  },
  checkApplication: (context) =>
    collisions(context).flatMap(({ phase, hooks }) => {
      const [first] = hooks;
      if (!first) return [];
      const { label } = first.facts;
      return hooks.map((hook): ApplicationReport => {
        const others = hooks.filter((other) => other !== hook);
        return {
          on: hook,
          level: 'error',
          message: `${hooks.length} ${phase} hooks get the same name: each is ${label}, and Argo CD makes the rest of the name from the commit, the phase and the second in which the sync began. All but one fail, and the sync with them. Give each a generateName of its own.`,
          related: others.map((on) => ({ on, message: `${on.facts.label}, with the same generateName` })),
          fixes: (manifest, document) => {
            const own = `${generateNameOf(hook.object)}${hooks.indexOf(hook) + 1}-`;
            return hook === first ? [] : [{ ...setNamePrefix({ document, manifest }, own), title: `Rename to ${own}` }];
          },
        };
      });
    }),
};

interface Collision {
  readonly phase: string;
  readonly hooks: readonly ApplicationManifest[];
}

/** Hooks that share a name, each group told once, with all the phases in which they do. */
function collisions({ manifests, application }: ApplicationContext): Collision[] {
  const named = new Map<string, { phase: string; hooks: ApplicationManifest[] }>();
  for (const manifest of manifests) {
    const { object, facts } = manifest;
    if (!facts.isHook || !hasGeneratedName(object) || hasTemplate(generateNameOf(object))) continue;
    const namespace = namespaceOf(object) || application.namespace;
    for (const phase of facts.hookTypes) {
      if (phase === 'Skip') continue;
      const key = [phase, facts.group, facts.kind, namespace, generateNameOf(object)].join('\n');
      const same = named.get(key);
      if (same) same.hooks.push(manifest);
      else named.set(key, { phase, hooks: [manifest] });
    }
  }
  const found = new Map<string, { phases: string[]; hooks: readonly ApplicationManifest[] }>();
  for (const { phase, hooks } of named.values()) {
    if (hooks.length < 2) continue;
    const key = hooks.map(({ file, line }) => `${file ?? ''}:${line ?? 0}`).join('\n');
    const same = found.get(key);
    if (same) same.phases.push(phase);
    else found.set(key, { phases: [phase], hooks });
  }
  return [...found.values()].map(({ phases, hooks }) => ({ phase: listed(phases), hooks }));
}
