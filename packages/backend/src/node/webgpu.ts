import { existsSync } from 'node:fs';
import process from 'node:process';
import * as tf from '@tensorflow/tfjs';
import { VogError } from '@vogjs/base';
import { watchDevice } from '../device/device-errors.js';

/** The part of the npm package `webgpu` (Dawn, the WebGPU of Chromium, as a Node add-on) that is used here. */
export interface Dawn {
  create(options: string[]): Gpu;
  readonly globals: Readonly<Record<string, unknown>>;
}

interface Gpu {
  requestAdapter(options: { powerPreference: 'high-performance' }): Promise<Adapter | null>;
}

interface Adapter {
  readonly info: {
    readonly architecture: string;
    readonly device: string;
    readonly description: string;
    readonly isFallbackAdapter?: boolean;
  };
  readonly limits: { readonly maxStorageBufferBindingSize: number; readonly maxBufferSize: number };
}

/** The adapter that is in use. */
export interface WebgpuAdapter {
  /** The device and its driver, as the driver names them. */
  readonly name: string;
  /** Whether it computes on the processor, as Mesa's lavapipe and SwiftShader do. */
  readonly software: boolean;
  /** The largest tensor, in bytes. */
  readonly largestTensor: number;
}

/** Why WebGPU cannot be used, and what to do. */
export interface WebgpuProblem {
  readonly reason: string;
  readonly fix: string;
  readonly cause?: unknown;
}

/** What tfjs-backend-webgpu looks up as globals; Dawn would bring forty more. */
const GLOBALS = ['GPUBuffer', 'GPUBufferUsage', 'GPUExternalTexture', 'GPUMapMode', 'GPUTexture', 'GPUTextureUsage'];

const SOFTWARE = /llvmpipe|lavapipe|swiftshader|basic render|software/i;

/**
 * What Linux has where there is a graphics card: drivers of the kernel, NVIDIA's, and Windows' under WSL. Looked for
 * before Dawn is asked, which takes a third of a second and writes to stderr what it misses.
 */
const DEVICE_FILES = ['/dev/dri', '/dev/nvidiactl', '/dev/dxg'];

const DRIVER =
  'Install a Vulkan driver for the graphics card (its maker’s driver on Linux; Windows and macOS bring Direct3D and ' +
  'Metal). Without a card, Mesa’s lavapipe computes on the processor: see docs/webgpu.md.';

/** The backend as a bundler finds it; `selectBackend` loads it from where the user installed it. */
export const importWebgpuBackend = (): Promise<unknown> => import('@tensorflow/tfjs-backend-webgpu');

let lookup: ReturnType<typeof lookUp> | null = null;
let active: WebgpuAdapter | null = null;

/** The adapter behind the webgpu backend that `startWebgpu` started; null when it did not. */
export const activeAdapter = (): WebgpuAdapter | null => active;

/**
 * Starts the webgpu backend of TensorFlow.js on Dawn.
 *
 * @param loadBackend imports `@tensorflow/tfjs-backend-webgpu`. It is called after `navigator.gpu` is there, which the
 * backend looks for at its import, and only when there is an adapter: without one nothing global is touched.
 * @param software whether an adapter that computes on the processor will do
 * @returns the adapter, or why there is none to use
 */
export async function startWebgpu(
  dawn: Dawn,
  loadBackend: () => unknown,
  { software }: { readonly software: boolean },
): Promise<WebgpuAdapter | WebgpuProblem> {
  if (active !== null && (software || !active.software)) {
    return (await setBackend()) ? active : { reason: 'its device does not start again', fix: 'Start a new process.' };
  }
  if (!software && process.platform === 'linux' && !DEVICE_FILES.some((path) => existsSync(path))) {
    return { reason: `no graphics card here (none of ${DEVICE_FILES.join(', ')})`, fix: DRIVER };
  }
  const { gpu, found } = await (lookup ??= lookUp(dawn));
  if (found === null) return { reason: 'no adapter found', fix: DRIVER };
  if (found.software && !software) {
    return { reason: `only a software adapter (${found.name}), which is taken only when asked for`, fix: DRIVER };
  }
  exposeGpu(gpu, dawn.globals);
  await loadBackend();
  if (tf.findBackendFactory('webgpu') === null) {
    return {
      reason: '@tensorflow/tfjs-backend-webgpu was imported before navigator.gpu was there, and registered nothing',
      fix: 'Call selectBackend before that import, or leave the import out.',
    };
  }
  if (!(await setBackend())) return { reason: `its device does not start on ${found.name}`, fix: DRIVER };
  await watchDevice();
  refuseReadingAtOnce();
  active = found;
  return found;
}

/** Asking loads the drivers, takes a third of a second, and makes some of them write to stderr: once will do. */
async function lookUp(dawn: Dawn): Promise<{ gpu: Gpu; found: WebgpuAdapter | null }> {
  // Where a machine has several, Dawn takes the first whose name contains this.
  const wanted = process.env['VOGJS_WEBGPU_ADAPTER'];
  const gpu = dawn.create(wanted ? [`adapter=${wanted}`] : []);
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  return { gpu, found: adapter && describe(adapter) };
}

async function setBackend(): Promise<boolean> {
  const started = await tf.setBackend('webgpu');
  await tf.ready();
  return started;
}

/**
 * A device cannot be read at once in Node: tfjs draws on a canvas, which only browsers have. A layer that reads so, such
 * as tfjs's own categoryEncoding, is told by code, where it was "OffscreenCanvas is not defined".
 */
function refuseReadingAtOnce(): void {
  const backend = tf.backend() as unknown as { readSync(dataId: object): unknown };
  const original = backend.readSync.bind(backend);
  backend.readSync = (dataId) => {
    try {
      return original(dataId);
    } catch (error) {
      if (!(error instanceof ReferenceError)) throw error;
      throw new VogError(
        'BACKEND_UNAVAILABLE',
        'The webgpu backend cannot read a tensor at once in Node (dataSync, arraySync, or a layer that calls them, as ' +
          "categoryEncoding does). Use 'await tensor.data()', take the layer out of the model, or use another backend.",
        { cause: error },
      );
    }
  };
}

/** Node 20 has no `navigator`; later ones have one without `gpu`. What is there already stays. */
function exposeGpu(gpu: Gpu, globals: Dawn['globals']): void {
  for (const name of GLOBALS) {
    if (!(name in globalThis)) {
      Object.defineProperty(globalThis, name, { value: globals[name], configurable: true, writable: true });
    }
  }
  if (!('navigator' in globalThis)) {
    Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true, writable: true });
  }
  Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true });
}

function describe({ info, limits }: Adapter): WebgpuAdapter {
  const { architecture, device, description, isFallbackAdapter } = info;
  const label = device || description || architecture || 'unnamed adapter';
  return {
    name: [label, description].filter((part, i) => part && (i === 0 || part !== label)).join(', '),
    software: isFallbackAdapter === true || SOFTWARE.test(`${architecture} ${device} ${description}`),
    largestTensor: Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize),
  };
}
