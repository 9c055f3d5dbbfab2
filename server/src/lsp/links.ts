import type { DocumentLink } from 'vscode-languageserver';
import { linksOf, type Link } from '../language/links.ts';
import type { PlacedDocument } from '../manifest/model.ts';
import { rangeOf } from '../manifest/source-file.ts';
import { baseName, folderOf, joinPath } from '../workspace/paths.ts';
import { documentOf } from './features.ts';
import type { Folder } from './folder.ts';
import { invalidParams, isRecord, rangeOfParams, stringIn, uriOf } from './params.ts';
import type { Session } from './session.ts';

const KUSTOMIZATION = /^kustomization\.ya?ml$/i;
/** What stands for a folder, in the order in which it is looked for. */
const OF_FOLDER = ['kustomization.yaml', 'kustomization.yml', 'Kustomization', 'Chart.yaml'];
const MAX_LINKS = 1_000;

/** Answers `textDocument/documentLink`. Where a link leads is worked out when somebody follows it. */
export function onDocumentLink(session: Session, params: unknown): DocumentLink[] {
  const document = documentOf(session, params);
  const place = document && session.plans.placeOf(document.uri);
  if (!document || !place) return [];
  const isKustomization = KUSTOMIZATION.test(baseName(place.path));
  const links: DocumentLink[] = [];
  for (const placed of document.file.documents) {
    for (const link of linksOf(placed.document, isKustomization)) {
      if (links.length < MAX_LINKS) links.push(linkAnswer(document.uri, placed, link, session.client.linkTooltips));
    }
  }
  return links;
}

const linkAnswer = (
  uri: string,
  placed: PlacedDocument,
  { span, path, from, what }: Link,
  tooltips: boolean,
): DocumentLink => ({
  range: rangeOf(placed, span),
  data: { uri, path, from },
  ...(tooltips ? { tooltip: `Open ${what}` } : {}),
});

/** Answers `documentLink/resolve`. Without a target where nothing is there. */
export function onDocumentLinkResolve(session: Session, params: unknown): DocumentLink {
  const data = isRecord(params) ? params['data'] : undefined;
  const path = stringIn(data, 'path');
  const from = stringIn(data, 'from');
  const uri = uriOf({ textDocument: data });
  if (path === undefined || (from !== 'folder' && from !== 'repository'))
    throw invalidParams('data of a document link');
  const place = session.plans.placeOf(uri);
  const target = place && (from === 'folder' ? inFolder(place, path) : inRepository(place, path));
  const range = rangeOfParams(params);
  return { range, data, ...(place && target !== undefined ? { target: place.folder.uriOf(target) } : {}) };
}

interface Place {
  readonly folder: Folder;
  readonly path: string;
}

/** A file beside a kustomization, or what stands for a folder. */
function inFolder({ folder, path: own }: Place, path: string): string {
  const target = joinPath(folderOf(own), path);
  return fileOfFolder(folder, target) ?? target;
}

const fileOfFolder = ({ index }: Folder, path: string): string | undefined =>
  OF_FOLDER.map((name) => joinPath(path, name)).find((file) => index.file(file) !== undefined);

/** What stands for the folder of an Application's source: the source was found when the applications were worked out. */
function inRepository({ folder, path: own }: Place, path: string): string | undefined {
  if (!folder.complete) return undefined;
  const sources = folder.index.declaredIn(own).flatMap((application) => application.sources);
  const source = sources.find((candidate) => candidate.path === path);
  if (source?.folder === undefined) return undefined;
  return fileOfFolder(folder, source.folder) ?? source.files[0];
}
