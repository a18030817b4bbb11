// The scratch environment that holds the peers: a Python virtual environment in an ignored folder, kept between runs.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const TORCH = 'torch==2.13.0';
/** What the plugin imports of Datagnosis's dependencies; matplotlib, seaborn, torchvision and augly serve others. */
const IMPORTED = ['numpy', 'pandas', 'pydantic', 'loguru', 'cloudpickle', 'pillow', 'safetensors'];
/** With its processor build, `jaxlib`. */
const JAX = 'jax==0.10.2';
const DATAGNOSIS = 'datagnosis==0.0.3';
const WANTED = [TORCH, JAX, ...IMPORTED, DATAGNOSIS].join(' ');

export interface Environment {
  readonly python: string;
  /** Name and version of what is compared and what it stands on. */
  readonly versions: string;
  /** Whether torch.compile finds the C++ compiler that it needs. */
  readonly compiles: boolean;
}

type Attempt = { readonly ok: true } | { readonly ok: false; readonly reason: string };

function attempt(command: string, args: readonly string[]): Attempt {
  const { status, error, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (error !== undefined) return { ok: false, reason: error.message };
  if (status === 0) return { ok: true };
  // pip's own reason stands in a line that begins with ERROR; the notices after it are of no use here.
  const lines = `${stdout}\n${stderr}`.trim().split('\n');
  return { ok: false, reason: lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1) ?? `exit code ${status}` };
}

/**
 * PyTorch for the processor. The package index has, for Linux on x86-64, only a build with CUDA, which brings gigabytes
 * that no row uses; where pip knows of an index or a folder with a CPU build (PIP_EXTRA_INDEX_URL, PIP_FIND_LINKS),
 * that one is taken. The large one is installed only when this benchmark was asked for by name.
 */
function installTorch(install: (...args: string[]) => Attempt, large: boolean): Attempt {
  const forProcessor = install(`${TORCH}+cpu`);
  if (forProcessor.ok) return forProcessor;
  if (process.platform === 'linux' && process.arch === 'x64') {
    if (!large) {
      return {
        ok: false,
        reason: `pip finds no CPU build of ${TORCH}; \`pnpm bench peers\` installs the one with CUDA, three gigabytes`,
      };
    }
    console.log(`pip finds no CPU build of ${TORCH}: installing the one with CUDA, three gigabytes`);
  }
  return install(TORCH);
}

/** Makes the environment, or finds it whole. A reason where it cannot be made. */
export function peersEnvironment(folder: string, large: boolean): Environment | { readonly reason: string } {
  const [bin, suffix] = process.platform === 'win32' ? ['Scripts', '.exe'] : ['bin', ''];
  const python = join(folder, bin, `python${suffix}`);
  const stamp = join(folder, 'installed.txt');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== WANTED) {
    console.log('making the scratch environment of the peers (PyTorch, JAX, Datagnosis): a minute or more');
    const install = (...args: string[]): Attempt =>
      attempt(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...args]);
    const steps = [
      () => attempt('python3', ['-m', 'venv', folder]),
      () => installTorch(install, large),
      () => install(JAX, ...IMPORTED),
      // Its other dependencies are large and serve its plots and its other plugins.
      () => install('--no-deps', DATAGNOSIS),
    ];
    for (const step of steps) {
      const result = step();
      if (!result.ok) return { reason: result.reason };
    }
    writeFileSync(stamp, WANTED);
  }
  return { python, versions: versionsIn(python), compiles: attempt('c++', ['--version']).ok };
}

function versionsIn(python: string): string {
  const script = `import platform
from importlib.metadata import version
print(', '.join(['Python ' + platform.python_version()] + [n + ' ' + version(n) for n in ('torch', 'jax', 'numpy', 'datagnosis')]))`;
  return spawnSync(python, ['-c', script], { encoding: 'utf8' }).stdout.trim();
}
