import { VogError } from '@vogjs/base';

/** The part of a GPUDevice that reports errors. */
interface Device {
  readonly queue: { onSubmittedWorkDone(): Promise<void> };
  readonly limits: { readonly maxStorageBufferBindingSize: number; readonly maxBufferSize: number };
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>;
  addEventListener(type: 'uncapturederror', listener: (event: UncapturedError) => void): void;
}

interface UncapturedError extends Event {
  readonly error: { readonly message: string };
}

/** The part of tfjs-backend-webgpu's `WebGPUBackend` that hands work to the device. */
export interface DeviceBackend {
  readonly device: Device;
  readonly commandEncoder: unknown;
  endComputePassEncoder(): void;
  submitQueue(): void;
}

interface Watch {
  /** Messages since the last check. */
  readonly errors: string[];
  /** A lost device stays lost. */
  lost: string | null;
}

const watches = new WeakMap<Device, Watch>();

/** Listens to a device from now on. May be called again. */
export function watch(device: Device): Watch {
  const present = watches.get(device);
  if (present !== undefined) return present;
  const fresh: Watch = { errors: [], lost: null };
  watches.set(device, fresh);
  device.addEventListener('uncapturederror', (event) => {
    // The default is a line on the console; the error goes to whoever checks.
    event.preventDefault?.();
    fresh.errors.push(event.error.message);
  });
  void noteLoss(device, fresh);
  return fresh;
}

async function noteLoss(device: Device, state: Watch): Promise<void> {
  const { reason, message } = await device.lost;
  state.lost = `the device was lost (${reason}): ${message}`;
}

/**
 * Waits until the device has done all work handed to it, and throws what it reported since the last check.
 *
 * @throws VogError DEVICE_FAILED
 */
export async function settle(backend: DeviceBackend, during: string, checkpoint?: number): Promise<void> {
  const { device } = backend;
  const state = watch(device);
  if (backend.commandEncoder) {
    backend.endComputePassEncoder();
    backend.submitQueue();
  }
  await device.queue.onSubmittedWorkDone();
  const [first] = state.lost === null ? state.errors : [state.lost];
  if (first === undefined) return;
  const more = state.lost === null && state.errors.length > 1 ? ` (and ${state.errors.length - 1} more)` : '';
  state.errors.length = 0;
  throw new VogError(
    'DEVICE_FAILED',
    `The WebGPU device reported an error ${during}: ${oneLine(first)}${more}. Results since then are not to be ` +
      'trusted. ' +
      (state.lost === null ? wayOut(first) : 'Start a new process, and load() the last save.'),
    { cause: new Error(first), ...(checkpoint === undefined ? {} : { checkpoint }) },
  );
}

function wayOut(message: string): string {
  return /size|memory|limit|exceed/i.test(message)
    ? 'Use a smaller chunkSize or batch, or another backend.'
    : 'Leave out the operation that it names, or use another backend.';
}

const oneLine = (message: string): string => message.replaceAll(/\s+/g, ' ').trim().slice(0, 400);
