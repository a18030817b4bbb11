// Programs that npm brings: package managers, other runtimes, other versions of Node. Each is installed by npm into a
// folder of its own.
import { execFile, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

export interface Ended {
  code: number | null;
  stdout: string;
  /** Everything that was printed. */
  output: string;
}

export type Tool = { path: string } | { missing: string };

/** Runs a command to its end, while this process goes on: it may be the command's registry. */
export function run(cwd: string, [file = '', ...args]: string[], env: Record<string, string> = {}): Promise<Ended> {
  // The workspace's own settings (conditions, a loader, the npm that runs the tests) must not reach it.
  const inherited = Object.entries(process.env).filter(([name]) => !/^(?:NODE_OPTIONS|TSX_|npm_)/i.test(name));
  return new Promise((resolve) => {
    const options = { cwd, env: { ...Object.fromEntries(inherited), ...env }, maxBuffer: 64 * 1024 * 1024 };
    const child = execFile(file, args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : child.exitCode;
      resolve({ code, stdout, output: `${stdout}${stderr}${child.pid === undefined ? String(error) : ''}` });
    });
  });
}

/** The path of a package's program after npm installed it, or why there is none. */
export async function install(folder: string, spec: string, program: string): Promise<Tool> {
  mkdirSync(folder, { recursive: true });
  const args = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--prefer-offline'];
  const { code, output } = await run(folder, ['npm', ...args, spec]);
  const path = join(folder, 'node_modules/.bin', program);
  if (code === 0 && (await run(folder, [path, '--version'])).code === 0) return { path };
  return { missing: `npm brings no ${spec} that starts here: ${output.trim().split('\n', 3).join(' ')}` };
}

/** Removes a folder after this process has ended: gigabytes of small files take minutes on a busy disk. */
export function removeLater(folder: string): void {
  const remove = `require('node:fs').rmSync(${JSON.stringify(folder)}, { recursive: true, force: true, maxRetries: 3 })`;
  spawn(process.execPath, ['--eval', remove], { detached: true, stdio: 'ignore' }).unref();
}
