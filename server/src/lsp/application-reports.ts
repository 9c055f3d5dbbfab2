import { basisOf, sameBasis, type ApplicationBasis } from '../language/diagnostics/application.ts';
import { carried, type FindingsByDocument } from '../language/diagnostics/carry.ts';
import { distinct, findingsOfApplication } from '../language/diagnostics/diagnose-application.ts';
import type { ApplicationFinding } from '../language/diagnostics/application-finding.ts';
import type { ApplicationPlan } from '../core/plan/model.ts';
import type { SourceFile } from '../manifest/source-file.ts';
import type { Application } from '../workspace/model.ts';
import type { OpenDocument } from './documents.ts';
import { readAhead, type Folder } from './folder.ts';
import type { Located } from './folders.ts';
import type { FolderSettings } from '../language/folder-settings.ts';
import { Slices } from './turns.ts';

export interface ReportsHost {
  /** Undefined outside of every folder, and until every file of its folder was read once. */
  located(uri: string): Located | undefined;
  settingsOf(uri: string): FolderSettings;
  /** Somebody looks at an application: gives whether what it was rendered to is about to be another one. */
  look(folder: Folder, application: Application): boolean;
  /** The document as it is open now. */
  current(uri: string): OpenDocument | undefined;
}

/** What was last found about an open document. */
interface Told {
  /** The state of the file that the findings are of. */
  readonly file: SourceFile;
  readonly findings: FindingsByDocument;
  /** Another number whenever the findings are others than a client may have been told. */
  readonly revision: number;
}

/** What was found in an application, for as long as its basis and the settings stay. */
interface Made {
  readonly basis: ApplicationBasis;
  readonly settings: FolderSettings;
  readonly findings: readonly ApplicationFinding[];
}

/** An opened document is not kept waiting for the rest of an application of more files. */
const SMALL = 200;

const NONE: FindingsByDocument = new Map();

/**
 * What the rules of the application tier say of the open documents. It is worked out when a document is opened and when
 * the typist pauses; in between it moves with the text.
 */
export class ApplicationReports {
  readonly #host: ReportsHost;
  readonly #told = new Map<string, Told>();
  readonly #made = new WeakMap<ApplicationPlan, Made>();
  readonly #carried = new WeakMap<SourceFile, FindingsByDocument>();
  #revisions = 0;
  #updates = 0;

  constructor(host: ReportsHost) {
    this.#host = host;
  }

  /** Findings by the index of their document within the file as it is open now. */
  findings({ uri, file }: OpenDocument): FindingsByDocument {
    const told = this.#told.get(uri);
    if (!told || told.findings.size === 0) return NONE;
    if (told.file === file) return told.findings;
    let moved = this.#carried.get(file);
    if (!moved) {
      moved = carried(told.findings, told.file, file);
      this.#carried.set(file, moved);
    }
    return moved;
  }

  /** Part of the result id of a report. */
  revisionOf(uri: string): number {
    return this.#told.get(uri)?.revision ?? 0;
  }

  /** What is found in all files of an application; what changes meanwhile is looked at once more. */
  async ofApplication(
    folder: Folder,
    application: Application,
    settings: FolderSettings,
  ): Promise<readonly ApplicationFinding[]> {
    const slices = new Slices();
    const look = (): Promise<Made | undefined> => this.#findingsOf(folder, application, settings, slices);
    const made = (await look()) ?? (await look());
    return distinct(made?.findings ?? []);
  }

  /** Settings changed: everything is to be found anew. */
  forgetAll(): void {
    this.#told.clear();
    this.#updates++;
  }

  forget(uri: string): void {
    this.#told.delete(uri);
  }

  /** Finds out about a document of which nothing is known yet, so that its first report is whole where it can be. */
  async ensure(document: OpenDocument): Promise<void> {
    if (this.#told.has(document.uri)) return;
    const located = this.#host.located(document.uri);
    const applications = located?.folder.index.applicationsOf(located.path) ?? [];
    if (applications.reduce((sum, { files }) => sum + files.length, 0) > SMALL) return;
    await this.#find(document, () => false);
  }

  /** The typist paused. Resolves to the documents whose report is another one now. */
  async update(documents: Iterable<OpenDocument>): Promise<string[]> {
    const run = ++this.#updates;
    const changed: string[] = [];
    for (const document of documents) {
      if (await this.#find(document, () => run !== this.#updates)) changed.push(document.uri);
      if (run !== this.#updates) break;
    }
    return changed;
  }

  /** Resolves to whether the document's report is another one now. */
  async #find({ uri }: OpenDocument, isOver: () => boolean): Promise<boolean> {
    const located = this.#host.located(uri);
    const settings = this.#host.settingsOf(uri);
    const applications = located && settings.enable ? located.folder.index.applicationsOf(located.path) : [];
    if (!located || applications.length === 0) return this.#tell(uri, NONE);
    const [first] = applications;
    // What was found stands until it is rendered again; then this is asked anew.
    if (first && this.#host.look(located.folder, first)) return false;
    const slices = new Slices();
    const made: Made[] = [];
    for (const application of applications) {
      const one = await this.#findingsOf(located.folder, application, settings, slices);
      // What was waited for may have been overtaken: then the next pause finds out.
      if (!one || isOver()) return false;
      made.push(one);
    }
    const { index } = located.folder;
    const stands = made.every(({ basis }, i) => isCurrent(index, applications[i], basis));
    if (!stands || this.#host.current(uri)?.file !== index.file(located.path)) return false;
    const own = made.flatMap(({ findings }) => findings.filter(({ file }) => file === located.path));
    return this.#tell(uri, byDocument(own));
  }

  async #findingsOf(
    folder: Folder,
    application: Application,
    settings: FolderSettings,
    slices: Slices,
  ): Promise<Made | undefined> {
    const { index } = folder;
    if (!index.keptPlan(application)) await readAhead(folder, application.files, slices);
    const basis = basisOf(index, application);
    const kept = this.#made.get(basis.plan);
    if (kept?.settings === settings && sameBasis(kept.basis, basis)) return kept;
    const findings: ApplicationFinding[] = [];
    for (const found of findingsOfApplication(index, application, basis, settings)) {
      findings.push(...found);
      const rest = slices.rest();
      if (rest) await rest;
      if (!isCurrent(index, application, basis)) return undefined;
    }
    const made = { basis, settings, findings };
    this.#made.set(basis.plan, made);
    return made;
  }

  #tell(uri: string, findings: FindingsByDocument): boolean {
    const document = this.#host.current(uri);
    if (!document) return false;
    const { file } = document;
    const same = signature(this.findings(document)) === signature(findings);
    const revision = same ? this.revisionOf(uri) : ++this.#revisions;
    this.#told.set(uri, { file, findings, revision });
    return !same;
  }
}

function isCurrent(
  index: Folder['index'],
  application: Application | undefined,
  { plan, declaration }: ApplicationBasis,
): boolean {
  if (!application || index.keptPlan(application)?.plan !== plan) return false;
  return basisOf(index, application).declaration === declaration;
}

function byDocument(findings: readonly ApplicationFinding[]): FindingsByDocument {
  const found = new Map<number, ApplicationFinding[]>();
  for (const finding of distinct(findings)) {
    const own = found.get(finding.index);
    if (own) own.push(finding);
    else found.set(finding.index, [finding]);
  }
  return found;
}

/** Equal for findings that look alike. */
const signature = (findings: FindingsByDocument): string =>
  JSON.stringify(
    [...findings]
      .sort(([a], [b]) => a - b)
      .map(([index, own]) => [
        index,
        own.map(({ rule, level, span, message, related = [] }) => [
          rule,
          level,
          span,
          message,
          related.map(({ place, ...rest }) => [place?.file, place?.placed.line, rest.span, rest.message]),
        ]),
      ]),
  );
