import type { Preflight } from '../sync/events.ts';
import { element } from './element.ts';
import { canHandOver, type PageAnswer, type PreflightView } from './messages.ts';

/** What a person should know before they leave the sync to Argo CD; nothing where its Application is not there. */
export const argoNotes = ({ owner }: Preflight): readonly string[] =>
  owner === undefined ? [] : owner.obstacles.length > 0 ? owner.obstacles : owner.notes;

/** The button of the sync from here names how many and where. */
function confirmText({ preflight: { rows, owner, resumes }, place }: PreflightView): string {
  const number = rows.filter((item) => item.phase !== 'SyncFail').length;
  const whole = `Sync ${number} ${number === 1 ? 'resource' : 'resources'} ${place}`;
  const what = resumes === true ? `Resume Sync ${place}` : whole;
  return owner?.running === undefined ? what : `Terminate Argo CD’s Operation, Then ${what}`;
}

function argoText({ owner }: Preflight): string {
  const what = `Let Argo CD Sync ${owner?.namespace ?? ''}/${owner?.name ?? ''}`;
  return owner?.running === undefined ? what : `Terminate Argo CD’s Operation, Then ${what}`;
}

/**
 * The buttons: what can be done, the first of them in the color of the thing to do. Whatever writes to a protected context
 * needs its name, typed by hand.
 */
export function answers(view: PreflightView, send: (answer: PageAnswer) => void): HTMLElement {
  const { preflight, typeName } = view;
  const { blockers, cluster, missingNamespace } = preflight;
  const blocked = blockers.length > 0;
  const writing: [PageAnswer, string][] = [
    ...(blocked ? [] : [['confirm', confirmText(view)] satisfies [PageAnswer, string]]),
    ...(canHandOver(preflight) ? [['argocd', argoText(preflight)] satisfies [PageAnswer, string]] : []),
  ];
  const looking: [PageAnswer, string][] =
    blocked && missingNamespace !== undefined
      ? [['create-namespace', `Create Namespace ${missingNamespace} With the Sync…`]]
      : [];
  const name = element('input', { type: 'text', id: 'name', autocomplete: 'off', spellcheck: 'false' }, []);
  const guards = typeName && writing.length > 0;
  const allowed = (): boolean => !guards || name.value === cluster.context;
  const buttons = [...looking, ...writing].map(([answer, text], index) => {
    const isFirst = index === 0;
    const kind = { type: isFirst ? 'submit' : 'button', ...(isFirst ? { class: 'primary' } : {}) };
    const button = element('button', { ...kind, id: `answer-${answer}` }, [text]);
    if (!isFirst) button.addEventListener('click', () => send(answer));
    return { answer, button, writes: writing.some(([known]) => known === answer) };
  });
  const update = (): void => {
    for (const { button, writes } of buttons) button.disabled = writes && !allowed();
  };
  name.addEventListener('input', update);
  update();
  const question = element('p', { class: 'protected' }, [
    element('label', { for: 'name' }, [`${cluster.context} is a protected context. Type its name to go on:`]),
    ' ',
    name,
  ]);
  const cancel = element('button', { type: 'button' }, [buttons.length === 0 ? 'Close' : 'Cancel']);
  cancel.addEventListener('click', () => send('refuse'));
  const shown = [...buttons.map(({ button }) => button), cancel].flatMap((button) => [button, ' ']);
  const form = element('form', {}, [...(guards ? [question] : []), ...shown]);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const [first] = buttons;
    if (first && !first.button.disabled) send(first.answer);
  });
  return element('footer', {}, [form]);
}
