// Whether the commands that a document tells people to type exist: scripts, subcommands, options, packages.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Packages from elsewhere that documents may tell people to install. */
const KNOWN_PACKAGES = /^(@tensorflow\/tfjs(-[a-z-]+)?|tsx|typescript|webgpu)$/;

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly scripts?: Record<string, string>;
}

export interface Workspace {
  readonly root: string;
  readonly scripts: Record<string, string>;
  readonly packages: readonly string[];
}

const read = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Manifest;

export function workspaceAt(root: string): Workspace {
  const folders = readdirSync(join(root, 'packages')).map((name) => join(root, 'packages', name, 'package.json'));
  const packages = folders.filter((path) => existsSync(path)).map((path) => read(path).name);
  return { root, scripts: read(join(root, 'package.json')).scripts ?? {}, packages };
}

const help = new Map<string, string>();

/** What `vogjs [SUBCOMMAND] --help` prints. */
function helpOf({ root }: Workspace, ...subcommand: string[]): string {
  const key = subcommand.join(' ');
  const args = ['scripts/ts.mjs', 'packages/vogjs/src/main.ts', ...subcommand, '--help'];
  const known = help.get(key) ?? spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' }).stdout;
  help.set(key, known);
  return known;
}

/** Why `vogjs ARGS` cannot work, or `undefined`. */
function vogjsProblem(workspace: Workspace, args: readonly string[]): string | undefined {
  const [subcommand, ...rest] = args;
  if (subcommand === undefined || subcommand === '--help' || subcommand === '--version') return undefined;
  if (!new RegExp(`^\\s*(vogjs )?${subcommand}\\b`, 'm').test(helpOf(workspace)))
    return `vogjs has no command ${subcommand}`;
  const options = rest.filter((word) => word.startsWith('--')).map((word) => word.split('=')[0] ?? word);
  const unknown = options.find((option) => !new RegExp(`${option}(?![\\w-])`).test(helpOf(workspace, subcommand)));
  return unknown && `vogjs ${subcommand} has no option ${unknown}`;
}

/** Why `pnpm ARGS` cannot work in this workspace, or `undefined`. */
function scriptProblem(workspace: Workspace, args: readonly string[]): string | undefined {
  const [name = '', ...rest] = args[0] === 'run' ? args.slice(1) : args;
  if (name === 'install') return undefined;
  if (name === 'add') return packageProblem(workspace, rest);
  const script = workspace.scripts[name];
  if (script === undefined) return `the root package.json has no script ${name}`;
  const isDemo = /main\.ts (\w+)$/.exec(script)?.[1];
  return isDemo && vogjsProblem(workspace, [isDemo, ...rest.filter((word) => word !== '--')]);
}

function packageProblem({ packages }: Workspace, words: readonly string[]): string | undefined {
  const names = words.filter((word) => !word.startsWith('-')).map((word) => word.replace(/(?<=.)@[\w.^~-]+$/, ''));
  if (names.length === 0) return undefined;
  const unknown = names.find((name) => !packages.includes(name) && !KNOWN_PACKAGES.test(name));
  return unknown && `${unknown} is neither of this workspace nor a package that documents may name`;
}

/** Why a line of a shell block cannot work, or `undefined` when it can. */
export function commandProblem(workspace: Workspace, line: string): string | undefined {
  const command = line
    .replace(/^\s*\$\s+/, '')
    .replace(/(^|\s)#.*$/, '')
    .trim();
  if (command === '') return undefined;
  const parts = command.split(/\s*&&\s*/);
  if (parts.length > 1) return parts.map((part) => commandProblem(workspace, part)).find(Boolean);

  const [program, ...args] = command.split(/\s+/);
  if (program === 'npx' && args[0] === '-y') args.shift();
  if (program === 'npx' && /^pnpm(@\d+)?$/.test(args[0] ?? '')) return scriptProblem(workspace, args.slice(1));
  if (program === 'pnpm') return scriptProblem(workspace, args);
  if (program === 'npx' && /^vogjs(@\w+)?$/.test(args[0] ?? '')) return vogjsProblem(workspace, args.slice(1));
  if (program === 'vogjs') return vogjsProblem(workspace, args);
  if (program === 'npm' && /^(i|install)$/.test(args[0] ?? '')) return packageProblem(workspace, args.slice(1));
  if (program === 'node') {
    const file = args.find((word) => !word.startsWith('-'));
    return file && existsSync(join(workspace.root, file)) ? undefined : `there is no file ${file}`;
  }
  if (program === 'git' && args[0] === 'clone') return undefined;
  if (program === 'cd') return undefined;
  return `nobody can tell whether "${command}" works: teach test/documents/commands.ts, or say <!-- not run: why -->`;
}
