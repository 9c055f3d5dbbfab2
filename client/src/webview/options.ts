import type { OfferedChoices, OperationChoices, SwitchName } from '../sync/model.ts';
import { element } from './element.ts';
import { resourceChoice } from './resource-choice.ts';

/** What is told of a change: the options as the controls stand now, and why they cannot be asked for. */
export type Changed = (choices: OperationChoices, problem: string) => void;

/** Name and meaning of each switch, in the order in which they stand. */
const TEXTS: readonly (readonly [name: SwitchName, label: string, help: string])[] = [
  ['prune', 'Prune', 'delete what is not in the application any more'],
  ['pruneLast', 'Prune last', 'with Prune: delete after everything else of the Sync phase'],
  ['dryRun', 'Dry run', 'go through it all and write nothing'],
  ['applyOutOfSyncOnly', 'Apply out of sync only', 'write only what differs from the cluster'],
  ['force', 'Force', 'delete and create again where a change is refused'],
  ['replace', 'Replace', 'replace objects as a whole instead of applying to them'],
  ['serverSide', 'Server-side apply', 'let the API server merge, and keep who owns which field'],
  ['forceConflicts', 'Force conflicts', 'with Server-side apply: take over fields that others own, as Argo CD does'],
  ['createNamespace', 'Create namespace', 'create the destination namespace where it does not exist'],
];

interface Place {
  readonly offered: OfferedChoices;
  /** As the controls stand. */
  readonly chosen: OperationChoices;
  /** They are shown as they are, and cannot be changed. */
  readonly fixed: boolean;
  /** A simulation takes namespaces to exist. */
  readonly simulated: boolean;
}

/** The options of a sync as controls. */
export function optionControls({ offered, chosen, fixed, simulated }: Place, changed: Changed): HTMLElement {
  let now = chosen;
  let problems: Readonly<Record<string, string>> = {};
  const change = (part: Partial<OperationChoices>, control: string, problem = ''): void => {
    now = { ...now, ...part };
    problems = { ...problems, [control]: problem };
    changed(now, Object.values(problems).find((text) => text !== '') ?? '');
  };
  const switches = TEXTS.filter(([name]) => name !== 'createNamespace' || !simulated || now.createNamespace).map(
    ([name, label, help]) => switchControl(name, label, help, now[name], (on) => change({ [name]: on }, name)),
  );
  const retry = numberControl(
    {
      id: 'option-retry',
      label: 'Retry',
      help: 'further attempts after a failed one; −1: without end',
      min: -1,
      step: 1,
    },
    String(now.retry),
    (value, isWhole) =>
      change(
        value === undefined ? {} : { retry: value },
        'retry',
        value === undefined || !isWhole ? 'Retry is a whole number from −1 on.' : '',
      ),
  );
  const delay = numberControl(
    {
      ...{ id: 'option-wave-delay', label: 'Wave delay', min: 0, step: 0.5, placeholder: 'auto' },
      help: 'seconds between waves; empty: only where health may lag, then 2',
    },
    now.waveDelay === undefined ? '' : String(now.waveDelay),
    (value, _isWhole, isEmpty) => {
      const problem = value === undefined && !isEmpty ? 'Wave delay is a number of seconds from 0 on.' : '';
      change({ waveDelay: value }, 'delay', problem);
    },
  );
  const resources = resourceChoice(offered.selectable, now.resources, (chosenOnes, problem) => {
    change({ resources: chosenOnes }, 'resources', problem);
  });
  const note = fixed ? [element('p', { class: 'help' }, ['A sync that was cut off goes on as it was started.'])] : [];
  return element('details', { class: 'options', id: 'options' }, [
    element('summary', {}, [
      element('span', { class: 'title' }, ['Options']),
      ' ',
      element('span', { class: 'help' }, [optionText(offered.chosen)]),
    ]),
    element('fieldset', { 'aria-label': 'Options', ...(fixed ? { disabled: '' } : {}) }, [
      ...note,
      element('div', { class: 'switches' }, [...switches, retry, delay]),
      resources,
    ]),
  ]);
}

/** What is chosen, in one line. Whether anything is deleted is always said. */
export function optionText(chosen: OperationChoices): string {
  const on = TEXTS.filter(([name]) => name !== 'prune' && chosen[name]).map(([, label]) => label);
  const { retry, waveDelay, resources } = chosen;
  return [
    chosen.prune ? 'Prune' : 'Prune is off',
    ...on,
    ...(retry === 0 ? [] : [retry < 0 ? 'Retry without end' : `Retry ${retry} ${retry === 1 ? 'time' : 'times'}`]),
    ...(waveDelay === undefined ? [] : [`Wave delay ${waveDelay} s`]),
    ...(resources
      ? [`Only ${resources.length} ${resources.length === 1 ? 'resource' : 'resources'}, without hooks`]
      : []),
  ].join(' · ');
}

function switchControl(name: string, label: string, help: string, on: boolean, changed: (on: boolean) => void): Node {
  const id = `option-${name}`;
  const attributes = { type: 'checkbox', id, 'aria-describedby': `${id}-help`, ...(on ? { checked: '' } : {}) };
  const box = element('input', attributes, []);
  box.addEventListener('change', () => changed(box.checked));
  return element('div', { class: 'option' }, [
    box,
    element('label', { for: id }, [label]),
    element('span', { class: 'help', id: `${id}-help` }, [help]),
  ]);
}

interface NumberField {
  readonly id: string;
  readonly label: string;
  readonly help: string;
  readonly min: number;
  readonly step: number;
  readonly placeholder?: string;
}

function numberControl(
  { id, label, help, min, step, placeholder = '' }: NumberField,
  value: string,
  changed: (value: number | undefined, isWhole: boolean, isEmpty: boolean) => void,
): Node {
  const range = { min: String(min), step: String(step), placeholder };
  const input = element('input', { type: 'number', id, value, 'aria-describedby': `${id}-help`, ...range }, []);
  input.addEventListener('change', () => {
    const number = input.valueAsNumber;
    const isValid = Number.isFinite(number) && number >= min;
    changed(isValid ? number : undefined, Number.isInteger(number), input.value === '' && !input.validity.badInput);
  });
  return element('div', { class: 'option number' }, [
    element('label', { for: id }, [label]),
    input,
    element('span', { class: 'help', id: `${id}-help` }, [help]),
  ]);
}
