import { spawn } from 'node:child_process';
import { devNull } from 'node:os';
import process from 'node:process';
import type { Cancellation, RenderJob, RenderOutput, Tool } from '../workspace/render/model.ts';
import type { Layout, WrittenLayout } from './layout.ts';

/** Programs as the user names them; empty: found by their names. */
export interface ToolPaths {
  readonly helm: string;
  readonly kustomize: string;
  readonly kubectl: string;
}

/** A program that renders. */
export interface FoundTool {
  readonly program: string;
  /** Arguments before those of the call: kubectl's `kustomize`, kustomize's `build`. */
  readonly leading: readonly string[];
  readonly version: string;
}

export type Env = Readonly<Record<string, string | undefined>>;

const VERSION_MS = 10_000;
const RENDER_MS = 30_000;
export const NETWORK_MS = 180_000;
const MAX_OUTPUT = 64 * 1024 * 1024;

/** Looks for tools when they are first asked for; what was not found is looked for again. */
export function toolFinder(paths: ToolPaths, env: Env): (tool: Tool) => Promise<FoundTool | undefined> {
  const candidates: Readonly<Record<Tool, readonly { program: string; leading: string[]; ask: string[] }[]>> = {
    helm: [{ program: paths.helm || 'helm', leading: [], ask: ['version', '--short'] }],
    kustomize: [
      { program: paths.kustomize || 'kustomize', leading: ['build'], ask: ['version'] },
      { program: paths.kubectl || 'kubectl', leading: ['kustomize'], ask: ['version', '--client', '--output=json'] },
    ],
  };
  const found = new Map<Tool, Promise<FoundTool | undefined>>();
  const look = async (tool: Tool): Promise<FoundTool | undefined> => {
    for (const { program, leading, ask } of candidates[tool]) {
      const answer = await execute(program, ask, {
        env: { ...basicEnv(env), KUBECONFIG: devNull },
        timeout: VERSION_MS,
        maxOutput: 100_000,
      });
      if (answer.kind === 'ended' && answer.code === 0) return { program, leading, version: answer.stdout.trim() };
    }
    found.delete(tool);
    return undefined;
  };
  return (tool) => {
    let looking = found.get(tool);
    if (!looking) {
      looking = look(tool);
      found.set(tool, looking);
    }
    return looking;
  };
}

export interface ToolCall {
  readonly tool: FoundTool;
  readonly job: RenderJob;
  readonly layout: Layout;
  readonly cancellation: Cancellation;
  /** Helm as the user names it, for kustomizations that call it. */
  readonly helm: string;
  readonly network: boolean;
  readonly env: Env;
}

/** Runs a job: as it is, and beside that with the texts that trace where objects come from. */
export async function runTool(call: ToolCall): Promise<RenderOutput> {
  const { traced } = call.job;
  const [plain, second] = await Promise.all([runIn(call), traced ? runIn(call, traced) : undefined]);
  if (plain.kind !== 'rendered' || second?.kind !== 'rendered') return plain;
  return { ...plain, traced: second.output };
}

async function runIn(call: ToolCall, texts?: ReadonlyMap<string, string>): Promise<RenderOutput> {
  const { tool, job, network, cancellation } = call;
  const written = await call.layout.write(texts);
  try {
    let output = '';
    for (const args of job.calls) {
      const own = args.includes('--enable-helm') && call.helm !== '' ? ['--helm-command', call.helm] : [];
      const all = [...tool.leading, ...args.map((arg) => written.argument(arg)), ...own];
      const result = await execute(tool.program, all, {
        cwd: written.folderOf(job.folder),
        env: toolEnv(call.env, written, network),
        timeout: network ? NETWORK_MS : RENDER_MS,
        maxOutput: MAX_OUTPUT,
        cancellation,
      });
      if (result.kind === 'cancelled') return { kind: 'cancelled' };
      if (result.kind === 'failed') return { kind: 'failed', message: `${tool.program} ${result.why}` };
      if (result.code !== 0) {
        const said = written.readable(result.stderr.trim() || result.stdout.slice(-2000).trim());
        return {
          kind: 'failed',
          message: said || `${tool.program} ended with exit code ${result.code} and said nothing`,
        };
      }
      output = result.stdout;
    }
    return { kind: 'rendered', output };
  } finally {
    await written.remove();
  }
}

/** What every program needs to run at all. */
const BASIC = ['PATH', 'Path', 'PATHEXT', 'SystemRoot', 'SYSTEMROOT', 'windir', 'COMSPEC', 'LANG', 'LC_ALL', 'TZ'];
/** What reaches registries and repositories, where the user agreed. */
const NETWORK =
  /^(?:https?_proxy|no_proxy|all_proxy|ssl_cert_file|ssl_cert_dir|git_.*|ssh_auth_sock|helm_registry_config|helm_repository_config)$/i;
/** Where settings and logins are looked for. */
const HOMES = ['HOME', 'USERPROFILE', 'XDG_CONFIG_HOME', 'HELM_CONFIG_HOME'];
/** Nothing listens there. */
const NOWHERE = 'http://127.0.0.1:9';
const UNREACHABLE: Readonly<Record<string, string>> = {
  http_proxy: NOWHERE,
  https_proxy: NOWHERE,
  HTTP_PROXY: NOWHERE,
  HTTPS_PROXY: NOWHERE,
  GIT_ALLOW_PROTOCOL: 'file',
};

function basicEnv(env: Env): Record<string, string> {
  return Object.fromEntries(BASIC.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}

/** Folders of a call: one that stands for the user's home, and one for temporary files. */
type ToolHome = Pick<WrittenLayout, 'home' | 'extra'>;

/** Homes and caches lie in the copy; without network an address that nobody saw before leads nowhere. */
export function toolEnv(env: Env, { home, extra }: ToolHome, network: boolean): Record<string, string> {
  const own = {
    ...basicEnv(env),
    TMPDIR: extra,
    TEMP: extra,
    TMP: extra,
    XDG_CACHE_HOME: home,
    XDG_DATA_HOME: home,
    HELM_CACHE_HOME: home,
    HELM_DATA_HOME: home,
    KUBECONFIG: devNull,
    GIT_TERMINAL_PROMPT: '0',
  };
  const homes = Object.fromEntries(HOMES.map((name) => [name, home]));
  if (!network) return { ...own, ...homes, ...UNREACHABLE };
  // Git's and the registries' logins are the user's own.
  const reaching = Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && (NETWORK.test(name) || HOMES.includes(name)) ? [[name, value] as const] : [],
  );
  return { ...own, ...Object.fromEntries(reaching) };
}

interface ExecuteOptions {
  readonly cwd?: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeout: number;
  readonly maxOutput: number;
  readonly cancellation?: Cancellation;
}

type Executed =
  | { readonly kind: 'ended'; readonly code: number; readonly stdout: string; readonly stderr: string }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'cancelled' };

/** Runs a program to its end, without a shell, as a group of processes that is killed as a whole. Never rejects. */
export function execute(program: string, args: readonly string[], options: ExecuteOptions): Promise<Executed> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      env: options.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      windowsHide: true,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let size = 0;
    let killed: Executed | undefined;
    const kill = (why: Executed): void => {
      killed ??= why;
      try {
        if (child.pid !== undefined && process.platform !== 'win32') process.kill(-child.pid, 'SIGKILL');
        else child.kill('SIGKILL');
      } catch {
        // It ended meanwhile.
      }
    };
    const timer = setTimeout(
      () => kill({ kind: 'failed', why: `took longer than ${options.timeout / 1000} s and was ended` }),
      options.timeout,
    );
    const collect =
      (chunks: Buffer[]) =>
      (chunk: Buffer): void => {
        size += chunk.length;
        if (size > options.maxOutput)
          kill({ kind: 'failed', why: `wrote more than ${options.maxOutput / 1024 / 1024} MiB and was ended` });
        else chunks.push(chunk);
      };
    child.stdout.on('data', collect(out));
    child.stderr.on('data', collect(err));
    options.cancellation?.onCancelled(() => kill({ kind: 'cancelled' }));
    const end = (result: Executed): void => {
      clearTimeout(timer);
      resolve(killed ?? result);
    };
    child.on('error', (error) => end({ kind: 'failed', why: `could not be started: ${error.message}` }));
    child.on('close', (code) =>
      end({
        kind: 'ended',
        code: code ?? 1,
        stdout: Buffer.concat(out).toString('utf8'),
        stderr: Buffer.concat(err).toString('utf8'),
      }),
    );
  });
}
