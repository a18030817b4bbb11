// A server that speaks S3, for tests: moto's, which checks signatures and rights as AWS does. Installed by pip when it is
// first needed, into a folder of this user's cache.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { freePort } from './servers.js';

/** A server with one bucket, and the environments of two users of it. */
export interface S3Server {
  readonly url: string;
  readonly bucket: string;
  /** May do everything. */
  readonly writer: Readonly<Record<string, string>>;
  /** May read and list. */
  readonly reader: Readonly<Record<string, string>>;
  /** What no file, log or message may hold. */
  readonly secrets: readonly string[];
  close(): void;
}

const PACKAGE = 'moto[server]==5.*';
/** Milliseconds. */
const START = 120_000;
const BUCKET = 'runs-of-a-test';
/** Requests before rights are checked: three for each user, and the bucket. */
const FREE = 7;

/** Starts one on loopback; what it keeps is gone when it ends. */
export async function startS3Server(): Promise<S3Server> {
  const modules = install();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn('python3', ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], {
    env: { ...process.env, PYTHONPATH: modules, INITIAL_NO_AUTH_ACTION_COUNT: String(FREE) },
    // A pipe that nobody reads would stop it.
    stdio: 'ignore',
  });
  const kill = (): void => void child.kill('SIGKILL');
  process.on('exit', kill);
  await answering(url, child);
  const [writer, reader] = [await userWho(url, 's3:*'), await userWho(url, 's3:Get*', 's3:List*')];
  await asked(`${url}/${BUCKET}`, 's3', { method: 'PUT' });
  return {
    url,
    bucket: BUCKET,
    writer: { ...writer, AWS_ENDPOINT_URL_S3: url },
    reader: { ...reader, AWS_ENDPOINT_URL_S3: url },
    secrets: [...Object.values(writer), ...Object.values(reader)],
    close() {
      process.off('exit', kill);
      kill();
    },
  };
}

/** Installs it, whole or not at all; gives its folder. */
function install(): string {
  const version = execFileSync('python3', ['-c', 'import sys; print(*sys.version_info[:2], sep=".")'], {
    encoding: 'utf8',
  });
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const folder = join(cache, `vogjs-moto-5-python-${version.trim()}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const part = `${folder}.${process.pid}`;
  const command = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', part, PACKAGE];
  // What pip says is in the error, if there is one.
  execFileSync('python3', command, { stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    renameSync(part, folder);
  } catch (error) {
    // Another test was faster.
    rmSync(part, { recursive: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

async function answering(url: string, child: ChildProcess): Promise<void> {
  const until = performance.now() + START;
  for (;;) {
    const isThere = await fetch(`${url}/moto-api/`).then(
      () => true,
      () => false,
    );
    if (isThere) return;
    if (child.exitCode !== null || performance.now() > until) throw new Error("moto's server does not start");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** A user with these rights, as the environment of a process. */
async function userWho(url: string, ...actions: string[]): Promise<Record<string, string>> {
  const UserName = `user-${actions.length}`;
  const ask = (Action: string, more: Record<string, string> = {}): Promise<string> => {
    const body = new URLSearchParams({ Version: '2010-05-08', Action, UserName, ...more });
    return asked(url, 'iam', { method: 'POST', body });
  };
  await ask('CreateUser');
  const keys = await ask('CreateAccessKey');
  const Statement = [{ Effect: 'Allow', Action: actions, Resource: '*' }];
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await ask('PutUserPolicy', { PolicyName: 'rights', PolicyDocument });
  return {
    AWS_ACCESS_KEY_ID: /<AccessKeyId>(.+?)</.exec(keys)?.[1] ?? '',
    AWS_SECRET_ACCESS_KEY: /<SecretAccessKey>(.+?)</.exec(keys)?.[1] ?? '',
  };
}

/** A request before rights are checked; the header says no more than which service is meant. */
async function asked(url: string, service: string, init: RequestInit): Promise<string> {
  const authorization = `AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=x`;
  const response = await fetch(url, { ...init, headers: { authorization } });
  const text = await response.text();
  if (!response.ok) throw new Error(`moto's server says ${response.status}: ${text.slice(0, 500)}`);
  return text;
}
