import type { Preflight } from '../sync/events.ts';
import { element } from './element.ts';
import { canHandOver, canRevise, type PageAnswer, type PreflightView } from './messages.ts';

/** What a person should know before they leave the sync to Argo CD; nothing where its Application is not there. */
export const argoNotes = ({ owner }: Preflight): readonly string[] =>
  owner === undefined ? [] : owner.obstacles.length > 0 ? owner.obstacles : owner.notes;

/** The button of the sync from here names how many are written, and where. */
export function confirmText({ preflight: { rows, owner, resumes, choices, deletes }, place }: PreflightView): string {
  if (deletes === true) return deletionText(rows, resumes === true, place);
  const number = rows.filter((item) => item.phase !== 'SyncFail' && item.stays !== true).length;
  const dry = choices?.chosen.dryRun === true ? 'Dry Run: ' : '';
  const whole = `${dry}Sync ${number} ${number === 1 ? 'resource' : 'resources'} ${place}`;
  const what = resumes === true ? `Resume Sync ${place}` : whole;
  return owner?.running === undefined ? what : `Terminate Argo CD’s Operation, Then ${what}`;
}

function deletionText(rows: Preflight['rows'], resumes: boolean, place: string): string {
  if (resumes) return `Resume Deletion ${place}`;
  const number = rows.filter(({ change }) => change === 'prune').length;
  if (number === 0) return `Run the Hooks of the Deletion ${place}`;
  return `Delete ${number} ${number === 1 ? 'resource' : 'resources'} ${place}`;
}

function argoText({ owner }: Preflight): string {
  const what = `Let Argo CD Sync ${owner?.namespace ?? ''}/${owner?.name ?? ''}`;
  return owner?.running === undefined ? what : `Terminate Argo CD’s Operation, Then ${what}`;
}

/** What the buttons do. */
export interface Hands {
  answer(answer: PageAnswer): void;
  /** Looks again with the destination namespace to be created. */
  createNamespace(): void;
}

export interface Answers {
  readonly footer: HTMLElement;
  /** Lets answer, or does not: what is shown is not what was chosen. */
  enable(upToDate: boolean): void;
}

/**
 * The buttons: what can be done, the first of them in the color of the thing to do. Whatever writes to a protected context
 * needs its name, typed by hand; a deletion that of the application.
 * @param status tells how the page stands; it stays the same element, so that screen readers read what changes in it
 */
export function answers(view: PreflightView, typed: string, status: HTMLElement, hands: Hands): Answers {
  const { preflight, typed: typedKind } = view;
  const { blockers, cluster, application, missingNamespace } = preflight;
  const wanted = typedKind === 'application' ? application : cluster.context;
  const blocked = blockers.length > 0;
  const writing: [PageAnswer, string][] = [
    ...(blocked ? [] : [['confirm', confirmText(view)] satisfies [PageAnswer, string]]),
    ...(canHandOver(preflight) ? [['argocd', argoText(preflight)] satisfies [PageAnswer, string]] : []),
  ];
  const looking =
    blocked && missingNamespace !== undefined && canRevise(preflight)
      ? [{ id: 'create-namespace', text: `Create Namespace ${missingNamespace} With the Sync…` }]
      : [];
  const name = element('input', { type: 'text', id: 'name', autocomplete: 'off', spellcheck: 'false' }, []);
  name.value = typed;
  const guards = typedKind !== undefined && writing.length > 0;
  let upToDate = true;
  const actions = [
    ...looking.map((one) => ({ ...one, writes: false, act: () => hands.createNamespace() })),
    ...writing.map(([answer, text]) => ({ id: answer, text, writes: true, act: () => hands.answer(answer) })),
  ];
  const buttons = actions.map((action, index) => {
    const isFirst = index === 0;
    const kind = { type: isFirst ? 'submit' : 'button', ...(isFirst ? { class: 'primary' } : {}) };
    const button = element('button', { ...kind, id: `answer-${action.id}` }, [action.text]);
    if (!isFirst) button.addEventListener('click', action.act);
    return { ...action, button };
  });
  const update = (): void => {
    const allowed = upToDate && (!guards || name.value === wanted);
    for (const { button, writes } of buttons) button.disabled = writes ? !allowed : !upToDate;
  };
  name.addEventListener('input', update);
  update();
  const question = element('p', { class: 'protected' }, [
    element('label', { for: 'name' }, [
      typedKind === 'application'
        ? `What is deleted does not come back by itself. Type the application’s name, ${application}, to go on:`
        : `${cluster.context} is a protected context. Type its name to go on:`,
    ]),
    ' ',
    name,
  ]);
  const cancel = element('button', { type: 'button', id: 'answer-refuse' }, [
    buttons.length === 0 ? 'Close' : 'Cancel',
  ]);
  cancel.addEventListener('click', () => hands.answer('refuse'));
  const shown = [...buttons.map(({ button }) => button), cancel].flatMap((button) => [button, ' ']);
  const form = element('form', {}, [...(guards ? [question] : []), ...shown, status]);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const [first] = buttons;
    if (first && !first.button.disabled) first.act();
  });
  return {
    footer: element('footer', {}, [form]),
    enable(now) {
      upToDate = now;
      update();
    },
  };
}
