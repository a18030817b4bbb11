import type { WasmBackend } from '../heap.js';
import { PLAIN, RELAXED } from './built.js';

/**
 * What packages/backend/assembly exports: addresses are in bytes, on the heap of tfjs-backend-wasm. Its sources say what
 * each does.
 */
export interface SimdKernels {
  readonly addBias: (...args: number[]) => void;
  readonly normalise: (...args: number[]) => void;
  readonly reluGradient: (...args: number[]) => void;
  readonly maxPoolGradient: (...args: number[]) => void;
  readonly padImages: (...args: number[]) => void;
  readonly greyConvolution: (...args: number[]) => void;
  readonly stretchConvolution: (...args: number[]) => void;
  readonly spreadGradient: (...args: number[]) => void;
  readonly packFilter: (...args: number[]) => void;
  readonly tapConvolution: (...args: number[]) => void;
  readonly winogradFilter: (...args: number[]) => void;
  readonly winogradInput: (...args: number[]) => void;
  readonly winograd2Filter: (...args: number[]) => void;
  readonly winograd2Input: (...args: number[]) => void;
  readonly winograd2Output: (...args: number[]) => void;
  readonly winogradProducts: (...args: number[]) => void;
  readonly winogradOutput: (...args: number[]) => void;
}

/** The part of tfjs-backend-wasm's compiled module, an Emscripten one, that holds its memory. */
interface CompiledModule {
  readonly asm?: { readonly memory?: WebAssembly.Memory };
}

let isUsed = true;

/**
 * Whether our own compiled kernels are used on WASM; they are, unless this was called with false. For tests, benchmarks and
 * doubters: without them the kernels in JavaScript and those of TensorFlow.js serve.
 */
export function useOwnKernels(on: boolean): void {
  isUsed = on;
}

const instances = new WeakMap<object, SimdKernels | null>();
let compiled: WebAssembly.Module | null | undefined;

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));

/** The build for this engine: with relaxed SIMD where it has that, null where it has no SIMD or compiles nothing. */
function compile(): WebAssembly.Module | null {
  for (const build of [RELAXED, PLAIN]) {
    const bytes = bytesOf(build);
    try {
      if (WebAssembly.validate(bytes)) return new WebAssembly.Module(bytes);
    } catch {
      // An engine may refuse to compile on the spot, or at all: then the kernels in JavaScript serve.
    }
  }
  return null;
}

function instantiate(backend: WasmBackend): SimdKernels | null {
  const { memory } = (backend.wasm as CompiledModule | undefined)?.asm ?? {};
  // The build with threads has a shared memory, which these kernels do not take.
  if (!(memory instanceof WebAssembly.Memory) || !(memory.buffer instanceof ArrayBuffer)) return null;
  compiled ??= compile();
  if (compiled === null) return null;
  return new WebAssembly.Instance(compiled, { env: { memory } }).exports as unknown as SimdKernels;
}

/**
 * Our own compiled kernels on this backend's heap; null where the engine has no SIMD, or the backend shares its memory
 * with threads: whoever asks has another way.
 */
export function simdKernels(backend: WasmBackend): SimdKernels | null {
  if (!isUsed) return null;
  const known = instances.get(backend);
  if (known !== undefined) return known;
  const made = instantiate(backend);
  instances.set(backend, made);
  return made;
}

/** Where a tensor's numbers lie on the heap, in bytes. Addresses stay when the heap grows. */
export const addressOf = (backend: WasmBackend, { dataId }: { readonly dataId: object }): number =>
  backend.dataIdMap.get(dataId).memoryOffset;
