import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import {
  createServerPipeTransport,
  createServerSocketTransport,
  IPCMessageReader,
  IPCMessageWriter,
  type MessageReader,
  type MessageWriter,
  type WatchDog,
} from 'vscode-languageserver/node';
import { nodeFiles } from './files-node.ts';
import { nodeRevisions } from './git-node.ts';
import { connect } from './lsp/connection.ts';
import { FrameReader, FrameWriter } from './lsp/framing.ts';
import { nodeRenderer } from './render-node.ts';
import { startServer, type Platform } from './lsp/server.ts';

// Parsing makes much that is thrown away at once: a young generation that stays small saves 100 MiB on a file of 2 MB,
// and costs no time. Electron takes no flags once it runs.
if (process.versions['electron'] === undefined) setFlagsFromString('--semi-space-growth-factor=1');

/** How often it is looked whether the editor's process still runs. */
const WATCH_MS = 3_000;

/** Ends this process when the session is over, or when the process that asked for it is gone. */
function processWatchDog(): WatchDog {
  const watchDog: WatchDog = {
    shutdownReceived: false,
    initialize: ({ processId }) => {
      if (typeof processId !== 'number') return;
      setInterval(() => {
        if (!isAlive(processId)) watchDog.exit(watchDog.shutdownReceived ? 0 : 1);
      }, WATCH_MS).unref();
    },
    exit: (code) => process.exit(code),
  };
  return watchDog;
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}

/** The transport that the command line names: `--stdio`, `--node-ipc`, `--pipe=NAME` or `--socket=PORT`. */
function transport(args: readonly string[]): readonly [MessageReader, MessageWriter] | undefined {
  const valueOf = (flag: string): string | undefined => {
    const at = args.findIndex((arg) => arg === flag || arg.startsWith(`${flag}=`));
    return at < 0 ? undefined : args[at] === flag ? args[at + 1] : args[at]?.slice(flag.length + 1);
  };
  if (args.includes('--stdio')) return [new FrameReader(process.stdin), new FrameWriter(process.stdout)];
  if (args.includes('--node-ipc')) return [new IPCMessageReader(process), new IPCMessageWriter(process)];
  const pipe = valueOf('--pipe');
  if (pipe !== undefined) return createServerPipeTransport(pipe);
  const port = Number(valueOf('--socket') ?? NaN);
  return Number.isInteger(port) ? createServerSocketTransport(port) : undefined;
}

/** Undefined where it is no path of this machine: a virtual workspace. */
function pathOf(folderUri: string): string | undefined {
  try {
    return fileURLToPath(folderUri);
  } catch {
    return undefined;
  }
}

const platform: Platform = {
  version: process.env['ARGOCD_HOOKS_VERSION'] ?? 'development',
  filesOf: (folderUri, maxFileSize) => {
    const root = pathOf(folderUri);
    return root === undefined ? undefined : nodeFiles(root, { maxFileSize });
  },
  revisionsOf: (folderUri, maxFileSize) => {
    const root = pathOf(folderUri);
    return root === undefined ? undefined : nodeRevisions(root, { maxFileSize });
  },
  rendererOf: (folderUri, { network, helmPath, kustomizePath, kubectlPath, kustomizeBuildOptions }) => {
    try {
      const paths = { helm: helmPath, kustomize: kustomizePath, kubectl: kubectlPath };
      return nodeRenderer(fileURLToPath(folderUri), { paths, network, kustomizeBuildOptions, env: process.env });
    } catch {
      // No path of this machine.
      return undefined;
    }
  },
};

const chosen = transport(process.argv.slice(2));
if (chosen) {
  const [reader, writer] = chosen;
  const watchDog = processWatchDog();
  const end = (): void => watchDog.exit(watchDog.shutdownReceived ? 0 : 1);
  reader.onClose(end);
  process.on('disconnect', end);
  const connection = connect(reader, writer, watchDog);
  startServer(connection, platform);
  connection.listen();
} else {
  process.stderr.write('The language server needs a transport: --stdio, --node-ipc, --pipe=NAME or --socket=PORT.\n');
  process.exitCode = 2;
}
