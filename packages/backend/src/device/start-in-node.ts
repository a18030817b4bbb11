import * as tf from '@tensorflow/tfjs';

/** Why a backend is not active, and what to do about it. */
export interface BackendProblem {
  readonly reason: string;
  readonly fix: string;
  readonly cause?: unknown;
}

/** What a module `x` and its folder are called where `require` is asked for it. */
type Require = ReturnType<typeof import('node:module').createRequire>;

/** Node's own modules, without an import of `node:` that a browser bundle would trip over. */
const builtin = {
  module: () => globalThis.process.getBuiltinModule('node:module'),
  path: () => globalThis.process.getBuiltinModule('node:path'),
};

/**
 * Where a package is, as seen from this package and then from the folder that the user runs in; null when nowhere.
 */
export function resolveFrom(name: string): string | null {
  const { createRequire } = builtin.module();
  const { join } = builtin.path();
  for (const origin of [import.meta.url, join(globalThis.process.cwd(), 'package.json')]) {
    try {
      return createRequire(origin).resolve(name);
    } catch {
      // Not there. A failed optional install leaves a folder without its files, which fails here as well.
    }
  }
  return null;
}

/**
 * Activates the WASM backend in Node, from the package that is installed; null when it is active.
 *
 * @param prepare runs between loading the package at the given path and starting its backend
 * @param hint is added to what to do when it does not start
 */
export async function startWasmInNode(
  prepare: (path: string) => Promise<void> = async () => {},
  hint = '',
): Promise<BackendProblem | null> {
  const name = '@tensorflow/tfjs-backend-wasm';
  const fix = `Install it: npm install ${name}@${tf.version.tfjs}.${hint}`;
  const path = resolveFrom(name);
  if (path === null) return { reason: 'not installed', fix };
  const { createRequire } = builtin.module();
  const { dirname, sep } = builtin.path();
  const require: Require = createRequire(import.meta.url);
  try {
    const wasm = require(path) as { setWasmPaths(prefix: string): void };
    // Once the backend runs its files are loaded, and tfjs warns of a path that comes too late.
    if (tf.engine().registry['wasm'] === undefined) wasm.setWasmPaths(dirname(path) + sep);
    const started = await withoutNewListeners(async () => {
      await prepare(path);
      const set = await tf.setBackend('wasm');
      await tf.ready();
      return set;
    });
    return started ? null : { reason: 'it did not start', fix };
  } catch (error) {
    return { reason: `it does not load (${firstLine(error)})`, fix, cause: error };
  }
}

/**
 * Takes back what the wasm runtime does to the process as it loads: listeners that rethrow every uncaught error from
 * inside its own single line of 100,000 characters, which Node then prints.
 */
async function withoutNewListeners<T>(load: () => Promise<T>): Promise<T> {
  const { process } = globalThis;
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const before = events.map((event) => process.listeners(event as 'uncaughtException'));
  try {
    return await load();
  } finally {
    for (const [i, event] of events.entries()) {
      for (const listener of process.listeners(event as 'uncaughtException')) {
        if (before[i]?.includes(listener) !== true) process.off(event, listener);
      }
    }
  }
}

/** The first line of an error, without the full stop of its sentence: it goes into a sentence of ours. */
export function firstLine(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  let end = line.length;
  while (end > 0 && (line[end - 1] === '.' || line.charAt(end - 1).trim() === '')) end--;
  return line.slice(0, end);
}
