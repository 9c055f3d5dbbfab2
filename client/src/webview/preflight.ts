import type { Preflight, PreflightRow } from '../sync/events.ts';
import { element } from './element.ts';
import { answers, argoNotes, confirmText, type Answers } from './answers.ts';
import { isUpToDate, toAsk, withAsked, withChoice, withPreflight, type Draft } from './draft.ts';
import { canRevise, editionOf, type FromPage, type PageAnswer, type PreflightView, type ToPage } from './messages.ts';
import { optionControls, type Changed } from './options.ts';
import { keepingPlace } from './place.ts';
import './preflight.css';

declare function acquireVsCodeApi(): { postMessage(message: FromPage): void };

const vscode = acquireVsCodeApi();
/** Milliseconds after the last change of an option before the preflight is asked for anew. */
const PAUSE = 250;

/** Read aloud when it changes. */
const status = element('span', { class: 'status', role: 'status' }, []);
let draft: Draft | undefined;
let buttons: Answers | undefined;
let pause: ReturnType<typeof setTimeout> | undefined;

/** An answer is one to the preflight that is shown. */
function send(answer: PageAnswer): void {
  if (answer !== 'refuse' && (!draft || !isUpToDate(draft))) return;
  vscode.postMessage({ type: 'answer', answer, edition: draft?.edition ?? 1 });
}

/** Sign and word of each change: the sign is for the eye, the word for everybody. */
const CHANGES: Readonly<Record<PreflightRow['change'], readonly [sign: string, word: string]>> = {
  create: ['+', 'create'],
  change: ['~', 'change'],
  unchanged: ['=', 'unchanged'],
  recreate: ['↻', 'run again'],
  prune: ['−', 'delete'],
  unknown: ['?', 'unknown'],
};

const wave = (n: number): string => (n < 0 ? `−${Math.abs(n)}` : String(n));

function verbOf({ deletes, resumes, choices }: Preflight): string {
  if (deletes === true) return resumes === true ? 'Resume the deletion of the resources of' : 'Delete the resources of';
  return resumes === true ? 'Resume the sync of' : choices?.chosen.dryRun === true ? 'Dry run: sync' : 'Sync';
}

function header({ preflight, place, scenario }: PreflightView): HTMLElement {
  const { cluster, application, namespace, revision, deletes } = preflight;
  const facts: [string, string][] =
    cluster.kind === 'simulation'
      ? [
          ['Runs in', 'the simulation: in memory, nothing leaves this window'],
          ['Scenario', scenario],
        ]
      : [
          ['Context', `${cluster.context} (${cluster.origin.replace(`context "${cluster.context}" of `, 'of ')})`],
          ['API server', `${cluster.server}${cluster.version === '' ? '' : ` · Kubernetes ${cluster.version}`}`],
          ['User', cluster.user],
        ];
  const what = deletes === true ? 'Hooks of the deletion' : 'What is synced';
  facts.push(['Namespace', namespace], [what, `the saved files, ${revision}`]);
  return element('header', {}, [
    element('h1', {}, [`${verbOf(preflight)} ${application} ${place}`]),
    element(
      'dl',
      {},
      facts
        .filter(([, value]) => value !== '')
        .flatMap(([name, value]) => [element('dt', {}, [name]), element('dd', {}, [value])]),
    ),
  ]);
}

/** Warnings that were read aloud already. */
const alerted = new Set<string>();

function notes(title: string, kind: string, lines: readonly string[]): HTMLElement[] {
  if (lines.length === 0) return [];
  const items = lines.map((line) => element('li', {}, [line]));
  const isNews = kind !== 'plain' && lines.some((line) => !alerted.has(line));
  if (isNews) for (const line of lines) alerted.add(line);
  return [
    element('section', { class: `notes ${kind}`, role: isNews ? 'alert' : 'note' }, [
      element('h2', {}, [title]),
      element('ul', {}, items),
    ]),
  ];
}

function row(item: PreflightRow, index: number): HTMLElement {
  const [, kind = '', namespace = '', ...name] = item.task.split('/');
  const [sign, all] = CHANGES[item.change];
  const word = item.phase === 'Delete' && item.change === 'unchanged' ? 'keep' : all;
  const note = [
    item.note === '' ? [] : [item.note],
    item.diff.length === 0 ? [] : [diff(item)],
    item.texts ? [openDiff(item, index)] : [],
  ].flat();
  return element('tr', { class: item.change }, [
    element('td', { class: 'verb' }, [element('span', { class: 'sign', 'aria-hidden': 'true' }, [sign]), ` ${word}`]),
    element('td', { class: 'wave' }, [wave(item.wave)]),
    element('th', { scope: 'row' }, [
      ...(item.hook
        ? [element('span', { class: 'hook', title: 'hook', role: 'img', 'aria-label': 'hook' }, ['⚓']), ' ']
        : []),
      element('span', { class: 'kind' }, [kind]),
      ` ${name.join('/')}`,
    ]),
    element('td', { class: 'namespace' }, [namespace]),
    element('td', { class: 'note' }, note),
  ]);
}

/** Opens both states of the object beside each other, in VS Code's own diff editor. */
function openDiff(item: PreflightRow, index: number): HTMLElement {
  const [, kind = '', , ...name] = item.task.split('/');
  const label = `Open the difference of ${kind} ${name.join('/')} in an editor`;
  const button = element('button', { type: 'button', class: 'link', 'aria-label': label }, ['Open in diff editor']);
  button.addEventListener('click', () => vscode.postMessage({ type: 'diff', row: index }));
  return button;
}

/** Lines of difference, folded; added and removed lines carry their sign, so that color is not alone. */
function diff({ diff: lines, task }: PreflightRow): HTMLElement {
  const shown = lines.map((line) => {
    const kind = line.startsWith('+') ? 'added' : line.startsWith('-') ? 'removed' : 'same';
    return element('span', { class: kind }, [`${line}\n`]);
  });
  return element('details', { id: `diff ${task}` }, [
    element('summary', {}, ['what changes']),
    element('pre', {}, shown),
  ]);
}

function table(rows: readonly PreflightRow[]): HTMLElement {
  const heads = ['Change', 'Wave', 'Object', 'Namespace', ''].map((text) => element('th', { scope: 'col' }, [text]));
  const phases = [...new Set(rows.map((item) => item.phase))];
  const bodies = phases.map((phase) =>
    element('tbody', {}, [
      element('tr', { class: 'phase' }, [element('th', { scope: 'rowgroup', colspan: '5' }, [phaseTitle(phase)])]),
      ...rows.flatMap((item, index) => (item.phase === phase ? [row(item, index)] : [])),
    ]),
  );
  return element('table', {}, [
    element('caption', {}, ['What happens, in this order']),
    element('thead', {}, [element('tr', {}, heads)]),
    ...bodies,
  ]);
}

const phaseTitle = (phase: PreflightRow['phase']): string =>
  phase === 'SyncFail'
    ? 'SyncFail: only if the sync fails'
    : phase === 'Delete'
      ? 'Delete: what the application has, the highest wave first'
      : phase;

/** The options as controls; where none can be chosen, in words. */
function options({ preflight }: PreflightView): HTMLElement[] {
  const { choices, cluster } = preflight;
  if (!choices || !draft?.chosen) return [];
  const simulated = cluster.kind === 'simulation';
  const place = { offered: choices, chosen: draft.chosen, fixed: !canRevise(preflight), simulated };
  return [optionControls(place, changed)];
}

/** A control was changed: after a pause the preflight is asked for anew. Until it is there nothing can be agreed to. */
function changed(...[choices, problem]: Parameters<Changed>): void {
  if (!draft) return;
  draft = withChoice(draft, choices, problem);
  tell();
  clearTimeout(pause);
  pause = setTimeout(ask, PAUSE);
}

function ask(): void {
  const choices = draft && toAsk(draft);
  if (!draft || !choices) return;
  vscode.postMessage({ type: 'revise', edition: draft.edition, choices });
  draft = withAsked(draft);
}

/** Says how the page stands to what is chosen, and lets answer accordingly. @param fresh a preflight has come anew */
function tell(fresh = ''): void {
  const upToDate = draft !== undefined && isUpToDate(draft);
  buttons?.enable(upToDate);
  document.body.toggleAttribute('data-stale', !upToDate);
  status.textContent = upToDate ? fresh : draft?.problem || 'Looking again with these options…';
}

const cannot = ({ deletes }: Preflight): string => `This cannot be ${deletes === true ? 'deleted' : 'synced'}`;

function show(view: PreflightView): void {
  const { preflight } = view;
  const isFirst = draft === undefined;
  draft = withPreflight(draft, editionOf(preflight), preflight.choices?.chosen);
  const typed = document.querySelector<HTMLInputElement>('#name')?.value ?? '';
  const made = answers(view, typed, status, {
    answer: send,
    createNamespace: () => {
      if (draft?.chosen) changed({ ...draft.chosen, createNamespace: true }, '');
    },
  });
  buttons = made;
  keepingPlace(() => {
    document.body.replaceChildren(
      header(view),
      ...notes(cannot(preflight), 'blockers', preflight.blockers),
      ...notes('Before you agree', 'warnings', preflight.warnings),
      ...options(view),
      table(preflight.rows),
      ...notes('What does not run, and why', 'plain', preflight.notRun),
      ...notes('Further options', 'plain', preflight.choices?.further ?? preflight.options),
      ...notes('What is added to the objects', 'plain', preflight.additions),
      ...notes('If Argo CD syncs it', 'plain', argoNotes(preflight)),
      made.footer,
    );
  });
  if (isFirst) document.querySelector<HTMLElement>('#name, footer button:enabled')?.focus();
  tell(isFirst ? '' : preflight.blockers.length > 0 ? `${cannot(preflight)}.` : `Now: ${confirmText(view)}`);
  ask();
}

window.addEventListener('message', (event: MessageEvent<ToPage>) => {
  if (event.data.type === 'show') show(event.data.view);
});
window.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') send('refuse');
});
vscode.postMessage({ type: 'ready' });
