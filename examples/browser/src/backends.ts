// Which backend of TensorFlow.js computes here, and why.
import * as tf from '@tensorflow/tfjs';
import { prepareBackend } from '@vogjs/core';

export const BACKENDS = ['webgpu', 'webgl', 'wasm'] as const;
export type Backend = (typeof BACKENDS)[number];

export const BACKEND_TITLES: Readonly<Record<Backend, string>> = { webgpu: 'WebGPU', webgl: 'WebGL', wasm: 'WASM' };

/** What this browser and machine offer. */
export interface Offer {
  readonly backend: Backend;
  readonly available: boolean;
  /** Whether a graphics card computes, as far as the browser tells. */
  readonly hardware: boolean;
  readonly reason: string;
}

/** The part of WebGPU that is asked here. */
interface Gpu {
  requestAdapter(): Promise<{
    readonly info?: { vendor: string; architecture: string; description: string; isFallbackAdapter?: boolean };
  } | null>;
}

const SOFTWARE = /swiftshader|llvmpipe|softpipe|lavapipe|software|basic render/i;

async function offerOfWebgpu(): Promise<Offer> {
  const no = (reason: string): Offer => ({ backend: 'webgpu', available: false, hardware: false, reason });
  const gpu = (navigator as unknown as { gpu?: Gpu }).gpu;
  if (gpu === undefined) return no('This browser has no WebGPU, or not for a page of this address.');
  try {
    const adapter = await gpu.requestAdapter();
    if (adapter === null) return no('The browser has WebGPU, and no graphics card that it may use.');
    const { info } = adapter;
    const name = [info?.vendor, info?.architecture, info?.description].filter(Boolean).join(' ');
    const software = info?.isFallbackAdapter === true || SOFTWARE.test(name);
    return {
      backend: 'webgpu',
      available: true,
      hardware: !software,
      reason: software ? `Computed in software (${name}): slow.` : `A graphics card: ${name || 'unnamed'}.`,
    };
  } catch (error) {
    return no(error instanceof Error ? error.message : String(error));
  }
}

function offerOfWebgl(): Offer {
  const no = (reason: string): Offer => ({ backend: 'webgl', available: false, hardware: false, reason });
  const context = document.createElement('canvas').getContext('webgl2');
  if (context === null) return no('This browser gives no WebGL 2 context.');
  const names = context.getExtension('WEBGL_debug_renderer_info');
  const renderer = String(context.getParameter(names?.UNMASKED_RENDERER_WEBGL ?? context.RENDERER));
  const exact = context.getExtension('EXT_color_buffer_float') !== null;
  context.getExtension('WEBGL_lose_context')?.loseContext();
  if (!exact) return no('WebGL computes with 16 bits here: too coarse for gradients.');
  const software = SOFTWARE.test(renderer);
  return {
    backend: 'webgl',
    available: true,
    hardware: !software,
    reason: software
      ? `Computed in software (${shortened(renderer)}): slow.`
      : `A graphics card: ${shortened(renderer)}.`,
  };
}

/** `ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 Direct3D11 ...)` -> `NVIDIA GeForce RTX 3060` */
function shortened(renderer: string): string {
  const inner = /ANGLE \([^,]*, ([^,]*)/.exec(renderer)?.[1] ?? renderer;
  const bare = inner.replace(/^Vulkan [\d.]+ \(/, '').replace(/\s*(\(0x\w+\)+|Direct3D.*|OpenGL.*)$/i, '');
  return bare.slice(0, 60);
}

function offerOfWasm(): Offer {
  return typeof WebAssembly === 'object'
    ? { backend: 'wasm', available: true, hardware: false, reason: 'On the processor, with SIMD where there is any.' }
    : { backend: 'wasm', available: false, hardware: false, reason: 'This browser has no WebAssembly.' };
}

export async function offers(): Promise<Offer[]> {
  return [await offerOfWebgpu(), offerOfWebgl(), offerOfWasm()];
}

/** The best of the offers: a graphics card first, then the processor, and a software driver last. */
export function preferred(all: readonly Offer[]): Offer | undefined {
  const usable = all.filter(({ available }) => available);
  return usable.find(({ hardware }) => hardware) ?? usable.find(({ backend }) => backend === 'wasm') ?? usable[0];
}

/** Makes a backend active, with right gradients. Its binaries are this page's own files. */
export async function useBackend(backend: Backend): Promise<void> {
  if (backend === 'wasm') {
    const [{ setWasmPaths }, plain, simd, threaded] = await Promise.all([
      import('@tensorflow/tfjs-backend-wasm'),
      import('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url'),
      import('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'),
      import('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url'),
    ]);
    // Paths are fixed once the backend runs.
    if (!tf.engine().registry['wasm']) {
      setWasmPaths({
        'tfjs-backend-wasm.wasm': plain.default,
        'tfjs-backend-wasm-simd.wasm': simd.default,
        'tfjs-backend-wasm-threaded-simd.wasm': threaded.default,
      });
    }
  }
  if (backend === 'webgpu') await import('@tensorflow/tfjs-backend-webgpu');
  const started = await tf.setBackend(backend);
  await tf.ready();
  if (!started || tf.getBackend() !== backend) throw new Error(`${BACKEND_TITLES[backend]} does not start here.`);
  await prepareBackend();
}
