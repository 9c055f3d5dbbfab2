import * as vscode from 'vscode';
import type { RevisionChoice } from '#protocol';
import type { Server } from '../language-client.ts';
import { pick, type BACK } from '../pick.ts';

interface RevisionItem extends vscode.QuickPickItem {
  readonly revision?: string;
}

const KINDS: readonly (readonly [RevisionChoice['kind'], string, string])[] = [
  ['branch', 'branches', 'git-branch'],
  ['tag', 'tags', 'tag'],
  ['commit', 'commits', 'git-commit'],
  ['remote-branch', 'remote branches', 'cloud'],
];

const HEAD: RevisionItem = { label: '$(git-commit) HEAD', description: 'what is committed', revision: 'HEAD' };

/** The revisions of a folder. Rejects where there are none to be had, with the reason. */
export async function revisionsOf(server: Server, folder: string): Promise<readonly RevisionChoice[]> {
  const result = await server.revisions(folder);
  if ('problem' in result) throw new Error(result.problem);
  return result.revisions;
}

/** Asks for a revision: HEAD first, then what Git lists; any other name may be typed. */
export async function chooseRevision(
  title: string,
  revisions: Promise<readonly RevisionChoice[]>,
  back = false,
): Promise<string | typeof BACK | undefined> {
  const chosen = await pick<RevisionItem>({
    title,
    placeholder: 'A branch, a tag, a commit, or a name like HEAD~2',
    items: revisions.then((choices) => [
      HEAD,
      ...KINDS.flatMap(([kind, heading, icon]) => itemsOf(choices, kind, heading, icon)),
    ]),
    atOnce: [HEAD],
    back,
    typed: withTyped,
  });
  return typeof chosen === 'object' ? chosen.revision : chosen;
}

function withTyped(value: string, known: readonly RevisionItem[]): readonly RevisionItem[] {
  const name = value.trim();
  const isListed = name === '' || known.some(({ revision }) => revision === name);
  return isListed
    ? known
    : [...known, { label: `$(search) ${name}`, description: 'as typed', revision: name, alwaysShow: true }];
}

function itemsOf(
  choices: readonly RevisionChoice[],
  kind: RevisionChoice['kind'],
  title: string,
  icon: string,
): RevisionItem[] {
  const items = choices
    .filter((choice) => choice.kind === kind)
    .map(({ name, short, subject, time }): RevisionItem => {
      const when = time.slice(0, 10);
      const hash = name === short ? '' : `${short} · `;
      return { label: `$(${icon}) ${name}`, description: `${hash}${subject} · ${when}`, revision: name };
    });
  return items.length === 0 ? [] : [{ label: title, kind: vscode.QuickPickItemKind.Separator }, ...items];
}
