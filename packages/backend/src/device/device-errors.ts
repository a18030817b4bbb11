import * as tf from '@tensorflow/tfjs';
import type { DeviceBackend } from './webgpu-device.js';

/** The active backend, where its errors are not exceptions of JavaScript. */
function deviceBackend(): DeviceBackend | null {
  const name = tf.getBackend();
  return name === 'webgpu' ? (tf.backend() as unknown as DeviceBackend) : null;
}

/** Bytes that the active backend's device lets one tensor have; infinity where no device says. */
export function deviceTensorBytes(): number {
  const limits = deviceBackend()?.device.limits;
  if (limits === undefined) return Number.POSITIVE_INFINITY;
  return Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);
}

/** Starts to listen to the active backend's device, where it has one. May be called again. */
export async function watchDevice(): Promise<void> {
  const backend = deviceBackend();
  if (backend !== null) (await import('./webgpu-device.js')).watch(backend.device);
}

/**
 * Waits until the device has done all work handed to it, and throws what it reported since the last check.
 *
 * A WebGPU device that refuses a command drops it and goes on: its result keeps whatever its buffer held before, and
 * no exception says so. On other backends, whose errors are exceptions, this returns at once.
 *
 * @param during what was being done, for the message: 'checkpoint 3'
 * @throws VogError DEVICE_FAILED
 */
export async function settleDevice(during: string, checkpoint?: number): Promise<void> {
  const backend = deviceBackend();
  if (backend !== null) await (await import('./webgpu-device.js')).settle(backend, during, checkpoint);
}
