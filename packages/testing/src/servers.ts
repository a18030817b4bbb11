// Real servers of queues for tests: the machine's own, on loopback, at a free port, in a temporary folder.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import process from 'node:process';

/** A server that a test may stop and start. */
export interface TestServer {
  readonly kind: 'redis' | 'postgres';
  /** Its address, with user and password. */
  readonly url: string;
  readonly password: string;
  /** Kills it at once, as a machine that fails. */
  kill(): Promise<void>;
  /** Starts it again, with what it kept. */
  start(): Promise<void>;
  /** Ends it and removes what it kept. */
  remove(): Promise<void>;
}

const PASSWORD = 'open-sesame-42';
/** Milliseconds. */
const START = 120_000;

const redisProgram = (): string | null => onPath('redis-server') ?? onPath('valkey-server');

/** What is missing for a kind of server, to be named by tests that are skipped; null where nothing is. */
export function missingServer(kind: TestServer['kind']): string | null {
  const has = kind === 'redis' ? redisProgram() !== null : postgresFolder() !== null;
  return has ? null : `no ${kind === 'redis' ? 'Redis: install redis-server' : 'PostgreSQL: install postgresql'}`;
}

/** Starts one; `keeps: false` is a Redis that forgets all when it ends. */
export function startServer(kind: TestServer['kind'], { keeps = true } = {}): Promise<TestServer> {
  return kind === 'redis' ? startRedis(keeps) : startPostgres();
}

async function startRedis(keeps: boolean): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'vogjs-redis-'));
  const port = await freePort();
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--requirepass', PASSWORD];
  const kept = ['--save', '', '--appendonly', keeps ? 'yes' : 'no', '--appendfsync', 'always'];
  const command = [redisProgram() ?? 'redis-server', ...settings, ...kept, '--maxmemory-policy', 'noeviction'];
  const url = `redis://:${PASSWORD}@127.0.0.1:${port}/0`;
  return serve({ kind: 'redis', url, command, port, folder });
}

async function startPostgres(): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'vogjs-postgres-'));
  const port = await freePort();
  const programs = postgresFolder() ?? '';
  const data = join(folder, 'data');
  const secret = join(folder, 'password');
  writeFileSync(secret, PASSWORD);
  chmodSync(folder, 0o755);
  // PostgreSQL refuses to run as root.
  const isRoot = process.getuid?.() === 0;
  const as = isRoot ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups', '--'] : [];
  if (isRoot) execFileSync('chown', ['-R', 'postgres', folder]);
  const init = [join(programs, 'initdb'), '-D', data, '-U', 'vogjs', '-A', 'scram-sha-256', `--pwfile=${secret}`, '-N'];
  const [program = '', ...args] = [...as, ...init];
  execFileSync(program, args, { stdio: 'ignore', cwd: folder });
  const settings = ['-p', String(port), '-h', '127.0.0.1', '-k', folder];
  const command = [...as, join(programs, 'postgres'), '-D', data, ...settings];
  const url = `postgres://vogjs:${PASSWORD}@127.0.0.1:${port}/postgres`;
  return serve({ kind: 'postgres', url, command, port, folder });
}

interface Service {
  readonly kind: TestServer['kind'];
  readonly url: string;
  readonly command: readonly string[];
  readonly port: number;
  readonly folder: string;
}

async function serve({ kind, url, command, port, folder }: Service): Promise<TestServer> {
  let child: ChildProcess | null = null;
  let said = '';
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ending = child;
    child = null;
    if (ending === null || ending.exitCode !== null || ending.signalCode !== null) return;
    const closed = new Promise((resolve) => ending.once('close', resolve));
    ending.kill(signal);
    await closed;
  };
  const killAtExit = (): void => void child?.kill('SIGKILL');
  const start = async (): Promise<void> => {
    const [program = '', ...args] = command;
    const started = spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    child = started;
    for (const stream of [started.stdout, started.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2000)));
    }
    const until = performance.now() + START;
    while (!(await answers(port))) {
      if (started.exitCode !== null || performance.now() > until) throw new Error(`${program} does not start: ${said}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  process.on('exit', killAtExit);
  await start();
  return {
    kind,
    url,
    password: PASSWORD,
    // SIGQUIT is PostgreSQL's immediate shutdown: its children would outlive a SIGKILL.
    kill: () => end(kind === 'redis' ? 'SIGKILL' : 'SIGQUIT'),
    start,
    async remove() {
      await end(kind === 'redis' ? 'SIGKILL' : 'SIGQUIT');
      process.off('exit', killAtExit);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const say = (is: boolean): void => {
      socket.destroy();
      resolve(is);
    };
    socket.once('connect', () => say(true)).once('error', () => say(false));
  });
}

/** A port of loopback that nobody listens at. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

function onPath(name: string): string | null {
  const found = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name));
  return found.find((path) => existsSync(path)) ?? null;
}

/** Debian keeps PostgreSQL's programs off the PATH. */
function postgresFolder(): string | null {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).toSorted((a, b) => Number(b) - Number(a)) : [];
  const folders = versions.map((version) => join(root, version, 'bin'));
  const found = [...folders, ...(process.env['PATH'] ?? '').split(delimiter)];
  return found.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres'))) ?? null;
}
