// Runs a TypeScript entry of this workspace from source: no build step stands between an edit and a run.
// usage: node scripts/ts.mjs FILE.ts [ARG ...]
import './installed.mjs';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = new URL('..', import.meta.url);
const child = spawn(
  process.execPath,
  ['--conditions=@vogjs/source', '--import', import.meta.resolve('tsx'), ...process.argv.slice(2)],
  {
    stdio: 'inherit',
    env: { ...process.env, TSX_TSCONFIG_PATH: fileURLToPath(new URL('tsconfig.base.json', root)) },
  },
);
// The child decides what an interrupt means (the demo saves its state); this wrapper only waits for it.
process.on('SIGINT', () => {});
for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP'])) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
