import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs';

/** The pool that the module makes before it starts; a thread more could not start while the main thread waits for it. */
export const MOST_WASM_THREADS = 8;

/** The part of tfjs-backend-wasm that is used here. */
interface WasmPackage {
  readonly BackendWasm: new (module: WasmModule) => tf.KernelBackend;
  setThreadsCount(threads: number): void;
  getThreadsCount(): number;
}

/** The part of the compiled module, an Emscripten one. */
interface WasmModule {
  cwrap(name: string, result: string | null, parameters: readonly string[]): unknown;
  readonly PThread: { unusedWorkers: Worker[]; readonly runningWorkers: readonly Worker[] };
  tfjs?: Readonly<Record<string, unknown>>;
}

type ModuleFactory = (overrides: object) => Promise<WasmModule>;

/** Functions of the module that `BackendWasm` calls, with results and parameters: as `init` of tfjs-backend-wasm 4.22. */
const FUNCTIONS: Readonly<Record<string, Parameters<WasmModule['cwrap']>>> = {
  init: ['init', null, []],
  initWithThreadsCount: ['init_with_threads_count', null, ['number']],
  getThreadsCount: ['get_threads_count', 'number', []],
  registerTensor: ['register_tensor', null, ['number', 'number', 'number']],
  disposeData: ['dispose_data', null, ['number']],
  dispose: ['dispose', null, []],
};

/**
 * Makes the wasm backend the threaded build of tfjs-backend-wasm, which TensorFlow.js leaves out in Node: its loader
 * starts threads from blob URLs, which Node's workers do not take. This loader starts them from the same package's
 * files. No file is written or changed; no global stays; threads that wait do not keep the process alive.
 *
 * @param path main file of the installed tfjs-backend-wasm; its backend must not have been started yet
 * @param threads from 2 to `MOST_WASM_THREADS`, the main one included
 * @throws Error when the package's build is not the one known here, or starts fewer threads
 */
export async function startWasmThreads(path: string, threads: number): Promise<void> {
  const load = createRequire(path);
  const wasm = load(path) as WasmPackage;
  const script = join(dirname(path), '../wasm-out/tfjs-backend-wasm-threaded-simd.js');
  const workers: Worker[] = [];
  try {
    const backend = await start(wasm, load(script) as ModuleFactory, path, script, threads, workers);
    tf.removeBackend('wasm');
    tf.registerBackend('wasm', () => backend, 2);
    started.set(backend, threads);
  } catch (error) {
    await Promise.all(workers.map((worker) => worker.terminate()));
    throw error;
  }
}

async function start(
  wasm: WasmPackage,
  factory: ModuleFactory,
  path: string,
  script: string,
  threads: number,
  workers: Worker[],
): Promise<tf.KernelBackend> {
  const module = await new Promise<WasmModule>((resolve, reject) => {
    const made = withWorkers(workers, () =>
      factory({
        locateFile: (name: string) => (name.endsWith('.worker.js') ? threadOf(script) : join(dirname(path), name)),
        mainScriptUrlOrBlob: script,
        // The module waits for ever for an instance that does not come.
        instantiateWasm: (imports: Imports, receive: Receiver) => {
          instantiate(join(dirname(path), 'tfjs-backend-wasm-threaded-simd.wasm'), imports, receive, threads).catch(
            reject,
          );
          return {};
        },
      }),
    );
    made.then(resolve, reject);
  });
  module.tfjs = Object.fromEntries(Object.entries(FUNCTIONS).map(([name, call]) => [name, module.cwrap(...call)]));
  wasm.setThreadsCount(threads);
  const backend = new wasm.BackendWasm(module);
  const { PThread } = module;
  // A running thread would keep the process alive for ever; those that nobody will run are done with.
  for (const worker of PThread.runningWorkers) worker.unref();
  await Promise.all(PThread.unusedWorkers.map((worker) => worker.terminate()));
  PThread.unusedWorkers = [];
  if (wasm.getThreadsCount() !== threads) throw new Error(`${wasm.getThreadsCount()} of ${threads} threads started`);
  return backend;
}

/** Threads of each backend started here. */
const started = new WeakMap<tf.KernelBackend, number>();

/** Threads of the active backend, where it was started here; else 1. */
export function activeThreads(): number {
  return started.get(tf.backend()) ?? 1;
}

interface Imports extends WebAssembly.Imports {
  readonly env: Record<string, WebAssembly.ImportValue>;
}
type Receiver = (instance: WebAssembly.Instance, module: WebAssembly.Module) => void;

async function instantiate(file: string, imports: Imports, receive: Receiver, threads: number): Promise<void> {
  setCores(imports.env, threads);
  const { instance, module } = await WebAssembly.instantiate(await readFile(file), imports);
  receive(instance, module);
}

/** The module takes at most half of the cores that it is told of, for hyper-threading: it is told of twice the threads. */
function setCores(env: Imports['env'], threads: number): void {
  const names = Object.keys(env).filter(
    (name) => (env[name] as { name?: string }).name === '_emscripten_num_logical_cores',
  );
  if (names.length !== 1) throw new Error('this build of tfjs-backend-wasm does not ask for the number of cores');
  env[names[0] as string] = () => 2 * threads;
}

/** What a thread runs: the package's own worker, a script for a global scope, which a data URL (a module) is not. */
function threadOf(script: string): URL {
  const source = `
    import { createRequire } from 'node:module';
    import { runInThisContext } from 'node:vm';
    globalThis.__filename = ${JSON.stringify(script)};
    globalThis.require = createRequire(globalThis.__filename);
    const { wasmWorkerContents } = require(${JSON.stringify(script.replace(/\.js$/, '.worker.js'))});
    runInThisContext(wasmWorkerContents.replaceAll('\\n', '\\\\n'));`;
  return new URL(`data:text/javascript,${encodeURIComponent(source)}`);
}

/**
 * Runs a section in which `Worker` is a thread, and collects those made. The module makes `Worker` a global of Node's
 * own as it loads; libraries take a global of that name for a browser's.
 */
function withWorkers<T>(made: Worker[], section: () => T): T {
  /** A thread needs no loader and no inspector that the process was started with. */
  class Thread extends Worker {
    constructor(url: URL) {
      super(url, { execArgv: [], name: 'wasm thread' });
      made.push(this);
    }
  }
  const before = Object.getOwnPropertyDescriptor(globalThis, 'Worker');
  Object.defineProperty(globalThis, 'Worker', { get: () => Thread, set: () => {}, configurable: true });
  try {
    return section();
  } finally {
    if (before === undefined) Reflect.deleteProperty(globalThis, 'Worker');
    else Object.defineProperty(globalThis, 'Worker', before);
  }
}
