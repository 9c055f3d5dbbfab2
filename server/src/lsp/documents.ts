import { openFile, type SourceFile } from '../manifest/source-file.ts';
import { changesOf, isRecord, numberIn, stringIn, uriIn } from './params.ts';

/** A document that the client has open, as it stands in the editor. */
export interface OpenDocument {
  readonly uri: string;
  readonly file: SourceFile;
  /** Another number for each state of each document in a session. */
  readonly revision: number;
}

/** The client's open documents. Each change gives a new file that shares every YAML document it did not touch. */
export class OpenDocuments {
  readonly #documents = new Map<string, OpenDocument>();
  #revision = 0;

  get(uri: string): OpenDocument | undefined {
    return this.#documents.get(uri);
  }

  all(): Iterable<OpenDocument> {
    return this.#documents.values();
  }

  /** Takes a `didOpen`. An open one is replaced. Undefined for what cannot be read. */
  open(params: unknown): OpenDocument | undefined {
    const uri = uriIn(params);
    const sent = isRecord(params) ? params['textDocument'] : undefined;
    const text = stringIn(sent, 'text');
    if (uri === undefined || text === undefined) return undefined;
    return this.#keep(uri, openFile(uri, text, numberIn(sent, 'version') ?? 0));
  }

  /** Takes a `didChange`. Undefined where the document is not open. */
  change(params: unknown): OpenDocument | undefined {
    const uri = uriIn(params);
    const open = uri === undefined ? undefined : this.#documents.get(uri);
    if (uri === undefined || !open) return undefined;
    const version = numberIn(isRecord(params) ? params['textDocument'] : undefined, 'version') ?? open.file.version + 1;
    let { file } = open;
    for (const change of changesOf(params)) {
      file = 'range' in change ? file.changed(change, version) : file.replaced(change.text, version);
    }
    return this.#keep(uri, file);
  }

  /** Takes a `didClose`. Undefined where the document was not open. */
  close(params: unknown): OpenDocument | undefined {
    const uri = uriIn(params);
    const open = uri === undefined ? undefined : this.#documents.get(uri);
    if (open) this.#documents.delete(open.uri);
    return open;
  }

  #keep(uri: string, file: SourceFile): OpenDocument {
    const document = { uri, file, revision: ++this.#revision };
    this.#documents.set(uri, document);
    return document;
  }
}
