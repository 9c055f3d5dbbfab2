// An extension that provides the file system `memfs`, which lives in memory. `memory-folder.ts` puts the files in.
/* global require, exports, TextEncoder */
const vscode = require('vscode');
const texts = JSON.parse('FILES');

const files = new Map(
  Object.entries(texts).map(([path, text]) => [path, { bytes: new TextEncoder().encode(text), mtime: 1 }]),
);
const changed = new vscode.EventEmitter();

const below = (folder) => (folder === '/' ? '/' : `${folder}/`);
const isFolder = (path) => path === '/' || [...files.keys()].some((file) => file.startsWith(below(path)));

const provider = {
  onDidChangeFile: changed.event,
  watch: () => ({ dispose: () => undefined }),
  stat({ path }) {
    const file = files.get(path);
    if (file) return { type: vscode.FileType.File, ctime: 1, mtime: file.mtime, size: file.bytes.length };
    if (isFolder(path)) return { type: vscode.FileType.Directory, ctime: 1, mtime: 1, size: 0 };
    throw vscode.FileSystemError.FileNotFound(path);
  },
  readDirectory(uri) {
    if (!isFolder(uri.path)) throw vscode.FileSystemError.FileNotFound(uri);
    const start = below(uri.path);
    const inside = [...files.keys()].filter((file) => file.startsWith(start)).map((file) => file.slice(start.length));
    const kind = (name) => (name.includes('/') ? vscode.FileType.Directory : vscode.FileType.File);
    return [...new Map(inside.map((name) => [name.split('/')[0], kind(name)]))];
  },
  readFile(uri) {
    const file = files.get(uri.path);
    if (!file) throw vscode.FileSystemError.FileNotFound(uri);
    return file.bytes;
  },
  writeFile(uri, bytes) {
    files.set(uri.path, { bytes, mtime: (files.get(uri.path)?.mtime ?? 0) + 1 });
    changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  },
  createDirectory: () => undefined,
  delete(uri) {
    files.delete(uri.path);
    changed.fire([{ type: vscode.FileChangeType.Deleted, uri }]);
  },
  rename(from, to) {
    provider.writeFile(to, provider.readFile(from));
    provider.delete(from);
  },
};

exports.activate = (context) => {
  context.subscriptions.push(vscode.workspace.registerFileSystemProvider('memfs', provider, { isCaseSensitive: true }));
};
