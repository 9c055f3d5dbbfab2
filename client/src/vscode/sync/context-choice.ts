import type { ListedContext } from '#core/kubeconfig/resolve';

/** The context that a sync goes to unless another is chosen, and whose choice that was. */
export interface Active {
  readonly context: ListedContext;
  readonly isSelected: boolean;
}

/** The contexts in the order in which they are offered: the selected one, the current one, the others. */
export function inOrder(contexts: readonly ListedContext[], selected: string): readonly ListedContext[] {
  const first = contexts.filter(({ name }) => name === selected);
  return [...first, ...contexts.filter(({ name }) => name !== selected)];
}

/** The active context: the selected one where it is still there, else the current one. */
export function activeOf(contexts: readonly ListedContext[], selected: string): Active | undefined {
  const own = contexts.find(({ name }) => name === selected);
  if (own) return { context: own, isSelected: true };
  const current = contexts.find((context) => context.current);
  return current && { context: current, isSelected: false };
}

/** Where a context comes from: `namespace shop · selected here · current context of ~/.kube/config`. */
export function sourceOf({ name, namespace, current, origin }: ListedContext, selected: string): string {
  const own = name === selected ? ['selected here'] : [];
  return [`namespace ${namespace}`, ...own, `${current ? 'current context' : 'context'} of ${origin}`].join(' · ');
}

/** What the status bar tells of the active context; the first line is its heading. */
export function activeText({ context, isSelected }: Active, isProtected: boolean): string {
  const server = context.server === '' ? 'its cluster is not defined' : context.server;
  return [
    `A sync goes to the kube context ${context.name}, unless another one is chosen`,
    `${server} · ${sourceOf(context, isSelected ? context.name : '')}`,
    ...(isProtected ? ['It is protected: its name has to be typed before anything is written'] : []),
    'Select another context…',
  ].join('\n');
}

/** What is told where the selected context is not there any more. */
export const goneText = (selected: string): string =>
  `The kube context ${selected}, which was selected here, is not in the kubeconfig any more: syncs go to the current context again.`;
