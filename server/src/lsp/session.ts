import type { Connection, Diagnostic } from 'vscode-languageserver';
import { DiagnosticsKeeper, type Naming } from '../language/diagnostics/report.ts';
import { levelsBesideYaml } from '../language/diagnostics/rules.ts';
import { SymbolKeeper } from '../language/symbols.ts';
import type { Finding } from '../language/diagnostics/model.ts';
import type { PlacedDocument } from '../manifest/model.ts';
import { ApplicationReports } from './application-reports.ts';
import type { ClientFeatures } from './client-features.ts';
import { OpenDocuments, type OpenDocument } from './documents.ts';
import { below, withoutSlash } from './params.ts';
import { joined } from './pieces.ts';
import type { WorkspacePlans } from './workspace.ts';
import type { FolderSettings, RenderSettings } from '../language/folder-settings.ts';
import type { Settings } from './settings.ts';

/** What one client's session knows: its features, settings, folders and open documents. */
export class Session {
  readonly connection: Connection;
  readonly client: ClientFeatures;
  readonly settings: Settings;
  readonly documents = new OpenDocuments();
  readonly symbols = new SymbolKeeper();
  readonly plans: WorkspacePlans;
  readonly applications: ApplicationReports;
  #folders: readonly string[] = [];
  /** One keeper for each set of options; all are dropped when settings change. */
  #keepers = new Map<string, DiagnosticsKeeper>();
  /** Documents of which every part was judged once, so that a report costs what was typed. */
  readonly #judged = new Set<string>();
  #epoch = 0;
  #trusted: boolean;
  #settled = false;

  constructor(connection: Connection, client: ClientFeatures, plans: WorkspacePlans, settings: Settings) {
    this.connection = connection;
    this.client = client;
    this.#trusted = client.trusted;
    this.settings = settings;
    this.plans = plans;
    this.applications = new ApplicationReports({
      located: (uri) => plans.located(uri),
      look: (folder, application) => plans.look(folder, application),
      settingsOf: (uri) => this.settingsOf(uri),
      current: (uri) => this.documents.get(uri),
    });
  }

  /** URIs of the workspace folders, without a slash at the end (see `withoutSlash`). */
  get folders(): readonly string[] {
    return this.#folders;
  }

  setFolders(folders: readonly string[]): void {
    this.#folders = folders.map(withoutSlash);
    this.plans.setFolders(this.#folders);
    this.forget();
  }

  /** The session is over: nothing is read any more. */
  end(): void {
    this.plans.end();
  }

  /** The innermost workspace folder that holds a document. */
  folderOf(uri: string): string | undefined {
    return this.#folders
      .filter((folder) => below(folder, uri) !== undefined)
      .reduce<string | undefined>((best, folder) => (best && best.length >= folder.length ? best : folder), undefined);
  }

  settingsOf(uri: string): FolderSettings {
    return this.settings.of(this.folderOf(uri));
  }

  /** How a folder is rendered; undefined where it must not be, or where its settings are not known yet. */
  renderSettings(folder: string): RenderSettings | undefined {
    const { enable, render } = this.settings.of(folder);
    return this.#trusted && this.#settled && enable && render.enable ? render : undefined;
  }

  renderHint(folder: string): string {
    const { enable, render } = this.settings.of(folder);
    if (!this.#settled || !enable) return '';
    if (!render.enable) return 'To have it rendered, switch on the setting argocdHooks.render.enable.';
    return this.#trusted ? '' : 'To have it rendered, trust this workspace: no program is run on files that are not.';
  }

  /** The settings were fetched. */
  takeSettings(): void {
    this.#settled = true;
    this.plans.updateRendering();
  }

  /** The user trusts the workspace from now on. */
  trust(): void {
    this.#trusted = true;
    this.plans.comparer.trust();
    this.plans.updateRendering();
  }

  /** Grows whenever a report may differ although the document stayed the same. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Settings or folders changed: reports are made anew. */
  forget(): void {
    this.#keepers = new Map();
    this.#judged.clear();
    this.applications.forgetAll();
    this.#epoch++;
  }

  keeperOf(uri: string): DiagnosticsKeeper {
    const folder = this.folderOf(uri) ?? '';
    const { listed, patch } = this.plans.kustomized.of(uri);
    const key = `${listed ? 1 : 0}${patch ? 1 : 0}${folder}`;
    let keeper = this.#keepers.get(key);
    if (!keeper) {
      const { argocdVersion, levels: own } = this.settingsOf(uri);
      const levels = this.client.yamlValidation ? levelsBesideYaml(own) : own;
      keeper = new DiagnosticsKeeper({ argocdVersion, listedByKustomization: listed, patch, levels }, this.client);
      this.#keepers.set(key, keeper);
    }
    return keeper;
  }

  isJudged(uri: string): boolean {
    return this.#judged.has(uri);
  }

  markJudged(uri: string): void {
    this.#judged.add(uri);
  }

  /** Much of the document is new: it is judged in slices again. */
  forgetParts(uri: string): void {
    this.#judged.delete(uri);
  }

  /** The document was opened or closed: nothing of it is known. */
  forgetDocument(uri: string): void {
    this.forgetParts(uri);
    this.applications.forget(uri);
  }

  /** Diagnostics of an open document as it stands. */
  diagnosticsOf(document: OpenDocument): Diagnostic[] {
    const { uri, file } = document;
    if (!this.settingsOf(uri).enable) return [];
    const others = this.applications.findings(document);
    return joined(this.keeperOf(uri).report(file.documents, this.namingOf(uri), others));
  }

  /** Findings of one YAML document of an open document, of both tiers. */
  findingsOf(document: OpenDocument, index: number, { document: part }: PlacedDocument): readonly Finding[] {
    const own = this.keeperOf(document.uri).findings(part);
    const others = this.applications.findings(document).get(index) ?? [];
    return others.length === 0 ? own : [...own, ...others];
  }

  namingOf(uri: string): Naming {
    return { uri, uriOf: (path) => this.plans.uriBeside(uri, path) };
  }
}
