import { createRequire } from 'node:module';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { checkOptions, integer, VogError } from '@vogjs/base';
import { whyNotRecorded } from '../recorded/available.js';
import { whyNotOnGpu } from '../recorded/functions.js';
import { repairBackend } from '../repair/repair.js';
import { type BackendProblem, firstLine, resolveFrom, startWasmInNode } from '../device/start-in-node.js';
import { activeThreads, MOST_WASM_THREADS, startWasmThreads } from './wasm-threads.js';
import { activeAdapter, type Dawn, startWebgpu, type WebgpuAdapter } from './webgpu.js';

/** Backends that Node can have, fastest first; `cpu` is plain JavaScript and only taken when asked for. */
export type BackendName = 'tfjs-node-gpu' | 'tfjs-node' | 'webgpu' | 'wasm' | 'cpu';

/** The backend that is now active. */
export interface SelectedBackend {
  /** TensorFlow.js with that backend active: the same module as `@tensorflow/tfjs`. */
  readonly tf: typeof tf;
  readonly backend: BackendName;
  /** For example `tfjs 4.22.0, TensorFlow 2.9.1`. */
  readonly version: string;
  /** Why each faster backend was not taken, what was repaired, and whether passes are recorded: one line each. */
  readonly notes: readonly string[];
}

const AUTOMATIC: readonly BackendName[] = ['tfjs-node-gpu', 'tfjs-node', 'webgpu', 'wasm'];
/** Every name that `selectBackend` takes beside `'auto'`. */
export const BACKEND_NAMES: readonly BackendName[] = [...AUTOMATIC, 'cpu'];

/** What `selectBackend` takes beside a backend. */
export interface SelectOptions {
  /**
   * Threads of the wasm backend, from 1 to 8. By default the number in the environment variable `VOGJS_WASM_THREADS`,
   * else 1. A wasm backend that was started before keeps those it has.
   */
  readonly wasmThreads?: number;
}

/**
 * Activates the fastest TensorFlow.js backend that loads here, or the one asked for, and repairs its known faults.
 *
 * @param preferred a backend to force; by default and for `'auto'` the one that the environment variable
 * `VOGJS_BACKEND` names, else the fastest
 * @throws VogError BACKEND_UNAVAILABLE when a forced backend does not load: never a silent fallback
 */
export async function selectBackend(
  preferred?: BackendName | 'auto',
  options: SelectOptions = {},
): Promise<SelectedBackend> {
  checkOptions('selectBackend', options, { wasmThreads: integer(1, MOST_WASM_THREADS) });
  if (globalThis.process?.versions?.node === undefined) {
    throw new VogError(
      'BACKEND_UNAVAILABLE',
      "selectBackend is for Node. In a page: await tf.setBackend('webgl'), then look at tf.getBackend().",
    );
  }
  const threads = wasmThreads(options);
  const fromEnvironment = process.env['VOGJS_BACKEND'] as BackendName | 'auto' | undefined;
  const asked = preferred === undefined || preferred === 'auto' ? fromEnvironment || 'auto' : preferred;
  if (asked !== 'auto' && !BACKEND_NAMES.includes(asked)) {
    throw new VogError('ARGUMENT_INVALID', `There is no backend '${asked}'. Choose auto, ${BACKEND_NAMES.join(', ')}.`);
  }
  const notes: string[] = [];
  for (const backend of asked === 'auto' ? AUTOMATIC : [asked]) {
    const problem = await activate(backend, asked !== 'auto', threads);
    if (problem === null) {
      const adapter = backend === 'webgpu' ? activeAdapter() : null;
      if (adapter !== null) notes.push(adapterNote(adapter));
      const { repaired } = repairBackend();
      if (repaired.length > 0) notes.push(`repaired in TensorFlow.js: ${repaired.join(', ')}`);
      if (backend.startsWith('tfjs-node')) {
        const why = whyNotRecorded() ?? whyNotOnGpu();
        notes.push(`recorded passes: ${why === null ? 'yes' : `no, ${why}`}`);
      }
      return { tf, backend, version: versionOf(backend), notes };
    }
    notes.push(`${backend}: ${problem.reason}`);
    if (asked !== 'auto') {
      throw new VogError(
        'BACKEND_UNAVAILABLE',
        `Backend '${backend}' was asked for and cannot be used: ${problem.reason}. ${problem.fix}`,
        { cause: problem.cause },
      );
    }
  }
  throw new VogError(
    'BACKEND_UNAVAILABLE',
    `No TensorFlow.js backend could be loaded (${notes.join('; ')}). Install one: npm install @tensorflow/tfjs-backend-wasm.`,
  );
}

/** Loads and activates one backend; null when it is ready. */
async function activate(backend: BackendName, forced: boolean, threads: number): Promise<BackendProblem | null> {
  switch (backend) {
    case 'tfjs-node-gpu':
    case 'tfjs-node':
      return activateNative(backend);
    case 'webgpu':
      return activateWebgpu(forced);
    case 'wasm':
      return activateWasm(threads);
    case 'cpu':
      return (await tf.setBackend('cpu'))
        ? null
        : { reason: 'it did not start', fix: 'Report this with your Node version.' };
  }
}

async function activateNative(backend: 'tfjs-node-gpu' | 'tfjs-node'): Promise<BackendProblem | null> {
  const name = `@tensorflow/${backend}`;
  const fix = `Install it with its build step allowed (npm install ${name}) and see docs/backends.md, or leave the choice to 'auto'.`;
  const path = resolveFrom(name);
  if (path === null) return { reason: 'not installed', fix };
  // Two copies work side by side only by luck, and print a warning for each of their 200 kernels. Look before loading.
  if (createRequire(path).resolve('@tensorflow/tfjs') !== createRequire(import.meta.url).resolve('@tensorflow/tfjs')) {
    return {
      reason: 'it brings another copy of TensorFlow.js than @vogjs/core uses',
      fix: `Make ${name} and @tensorflow/tfjs the same version in one place of the dependency tree.`,
    };
  }
  restoreUtil();
  // TensorFlow leaves oneDNN's convolutions out on processors without AVX-512 VNNI, where they are twice as fast as its
  // own (docs/benchmarks.md). It reads this once, as it loads; a value that the user set stays.
  process.env['TF_ENABLE_ONEDNN_OPTS'] ??= '1';
  try {
    createRequire(import.meta.url)(path);
  } catch (error) {
    return {
      reason: `installed, but it does not load (${firstLine(error)})`,
      fix: `${fix} A newer TensorFlow can be linked into it: vogjs link-libtensorflow.`,
      cause: error,
    };
  }
  if (tf.findBackendFactory('tensorflow') === null || !(await tf.setBackend('tensorflow'))) {
    return { reason: 'it loads, but its backend does not start', fix };
  }
  await tf.ready();
  return null;
}

/** @param software whether an adapter that computes on the processor will do: wasm is faster than those */
async function activateWebgpu(software: boolean): Promise<BackendProblem | null> {
  const names = ['webgpu', '@tensorflow/tfjs-backend-webgpu'] as const;
  const fix = `Install both: npm install webgpu ${names[1]}@${tf.version.tfjs}.`;
  const paths = names.map(resolveFrom);
  const missing = names.filter((_, i) => paths[i] === null);
  if (missing.length > 0) return { reason: `${missing.join(' and ')} not installed`, fix };
  const [dawnPath, backendPath] = paths as [string, string];
  try {
    const dawn = (await import(pathToFileURL(dawnPath).href)) as Dawn;
    const started = await startWebgpu(dawn, () => createRequire(import.meta.url)(backendPath) as unknown, { software });
    return 'reason' in started ? started : null;
  } catch (error) {
    return { reason: `it does not load (${firstLine(error)})`, fix, cause: error };
  }
}

function wasmThreads(options: SelectOptions): number {
  const told = options.wasmThreads ?? (process.env['VOGJS_WASM_THREADS'] || 1);
  const threads = Number(told);
  if (Number.isInteger(threads) && threads >= 1 && threads <= MOST_WASM_THREADS) return threads;
  const where = options.wasmThreads === undefined ? 'VOGJS_WASM_THREADS' : 'wasmThreads';
  throw new VogError(
    'ARGUMENT_INVALID',
    `${where} must be a whole number from 1 to ${MOST_WASM_THREADS}; got ${told}.`,
  );
}

function activateWasm(threads: number): Promise<BackendProblem | null> {
  const hint = threads > 1 ? ' Or use one thread: leave out wasmThreads, unset VOGJS_WASM_THREADS.' : '';
  return startWasmInNode(async (path) => {
    if (threads > 1 && tf.findBackend('wasm') === null) await startWasmThreads(path, threads);
  }, hint);
}

/** tfjs-node calls two functions that Node 23 removed. */
function restoreUtil(): void {
  const util = createRequire(import.meta.url)('node:util') as Record<string, unknown>;
  util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  util['isArray'] ??= Array.isArray;
}

function versionOf(backend: BackendName): string {
  const parts = [`tfjs ${tf.version.tfjs}`];
  if (backend === 'tfjs-node' || backend === 'tfjs-node-gpu') {
    const { binding } = tf.backend() as unknown as { readonly binding?: { readonly TF_Version?: string } };
    if (binding?.TF_Version !== undefined) parts.push(`TensorFlow ${binding.TF_Version}`);
  }
  const threads = backend === 'wasm' ? activeThreads() : 1;
  if (threads > 1) parts.push(`${threads} threads`);
  const adapter = backend === 'webgpu' ? activeAdapter() : null;
  if (adapter !== null) parts.push(`WebGPU on ${adapter.name}`);
  return parts.join(', ');
}

function adapterNote({ name, software, largestTensor }: WebgpuAdapter): string {
  const size = `a tensor may have ${Math.floor(largestTensor / 2 ** 20)} MiB`;
  return `webgpu: ${name}, ${size}${software ? '; a software adapter, slower than wasm' : ''}`;
}
