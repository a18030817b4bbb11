import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `vogjs` from source in `cwd`, in a process of its own. */
export function vogjs(cwd: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Finished> {
  const { VOGJS_BACKEND: _forced, ...inherited } = process.env;
  const child = spawn(
    process.execPath,
    [
      '--conditions=@vogjs/source',
      '--import',
      import.meta.resolve('tsx'),
      join(root, 'packages/vogjs/src/main.ts'),
      ...args,
    ],
    {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...inherited, TSX_TSCONFIG_PATH: join(root, 'tsconfig.base.json'), ...environment },
    },
  );
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
}
