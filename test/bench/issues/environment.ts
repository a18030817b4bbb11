// The scratch environment of the other tools: a Python virtual environment in the cache, kept between runs.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const WANTED = ['cleanlab[datalab]==2.9.0', 'cleanvision==0.3.7'];

/** The Python that has both; VOGJS_BENCH_PYTHON names one that is there already. A reason where it cannot be made. */
export function issuesPython(cache: string): string | { readonly reason: string } {
  const given = process.env['VOGJS_BENCH_PYTHON'];
  if (given !== undefined) return given;
  const folder = join(cache, 'environment');
  const python = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const stamp = join(folder, 'installed.txt');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === WANTED.join(' ')) return python;
  console.log('making the scratch environment of the other tools (cleanlab, cleanvision): a minute or more');
  const steps: [string, string[]][] = [
    ['python3', ['-m', 'venv', folder]],
    [python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...WANTED]],
  ];
  for (const [command, args] of steps) {
    const { status, error, stderr } = spawnSync(command, args, { encoding: 'utf8' });
    if (status !== 0) return { reason: error?.message ?? stderr.trim().split('\n').at(-1) ?? `exit code ${status}` };
  }
  writeFileSync(stamp, WANTED.join(' '));
  return python;
}
