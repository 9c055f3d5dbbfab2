import type { PreflightRow } from '../sync/events.ts';
import { element } from './element.ts';
import { answers, argoNotes } from './answers.ts';
import type { FromPage, PageAnswer, PreflightView, ToPage } from './messages.ts';
import './preflight.css';

declare function acquireVsCodeApi(): { postMessage(message: FromPage): void };

const vscode = acquireVsCodeApi();
const send = (answer: PageAnswer): void => vscode.postMessage({ type: 'answer', answer });

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

function header({ preflight, place, scenario }: PreflightView): HTMLElement {
  const { cluster, application, namespace, revision, resumes } = preflight;
  const facts: [string, string][] =
    cluster.kind === 'simulation'
      ? [
          ['Runs in', 'the simulation: in memory, nothing leaves this window'],
          ['Scenario', scenario],
        ]
      : [
          ['Context', `${cluster.context} (${cluster.origin})`],
          ['API server', `${cluster.server}${cluster.version === '' ? '' : ` · Kubernetes ${cluster.version}`}`],
          ['User', cluster.user],
        ];
  facts.push(['Namespace', namespace], ['What is synced', `the saved files, ${revision}`]);
  return element('header', {}, [
    element('h1', {}, [`${resumes === true ? 'Resume the sync of' : 'Sync'} ${application} ${place}`]),
    element(
      'dl',
      {},
      facts
        .filter(([, value]) => value !== '')
        .flatMap(([name, value]) => [element('dt', {}, [name]), element('dd', {}, [value])]),
    ),
  ]);
}

function notes(title: string, kind: string, lines: readonly string[]): HTMLElement[] {
  if (lines.length === 0) return [];
  const items = lines.map((line) => element('li', {}, [line]));
  return [
    element('section', { class: `notes ${kind}`, role: kind === 'plain' ? 'note' : 'alert' }, [
      element('h2', {}, [title]),
      element('ul', {}, items),
    ]),
  ];
}

function row(item: PreflightRow, index: number): HTMLElement {
  const [, kind = '', namespace = '', ...name] = item.task.split('/');
  const [sign, word] = CHANGES[item.change];
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
function diff({ diff: lines }: PreflightRow): HTMLElement {
  const shown = lines.map((line) => {
    const kind = line.startsWith('+') ? 'added' : line.startsWith('-') ? 'removed' : 'same';
    return element('span', { class: kind }, [`${line}\n`]);
  });
  return element('details', {}, [element('summary', {}, ['what changes']), element('pre', {}, shown)]);
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
  phase === 'SyncFail' ? 'SyncFail: only if the sync fails' : phase;

function show(view: PreflightView): void {
  const { preflight } = view;
  document.body.replaceChildren(
    header(view),
    ...notes('This cannot be synced', 'blockers', preflight.blockers),
    ...notes('Before you agree', 'warnings', preflight.warnings),
    table(preflight.rows),
    ...notes('What does not run, and why', 'plain', preflight.notRun),
    ...notes('Options', 'plain', preflight.options),
    ...notes('What is added to the objects', 'plain', preflight.additions),
    ...notes('If Argo CD syncs it', 'plain', argoNotes(preflight)),
    answers(view, send),
  );
  document.querySelector<HTMLElement>('#name, footer button:enabled')?.focus();
}

window.addEventListener('message', (event: MessageEvent<ToPage>) => {
  if (event.data.type === 'show') show(event.data.view);
});
window.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') send('refuse');
});
vscode.postMessage({ type: 'ready' });
