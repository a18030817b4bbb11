import { settleDevice } from '@vogjs/backend';
import { pushComposed } from '@vogjs/core/engine';
import * as tf from '@tensorflow/tfjs';
import { runningMoments, type Moments } from '@vogjs/core';

/** Bytes that one update must move: three tensors read, two written. */
const MOVED = 5 * 4;

async function secondsOf(repeats: number, run: () => void): Promise<number> {
  run();
  await settleDevice('while warming up');
  const begin = performance.now();
  for (let i = 0; i < repeats; i++) run();
  await settleDevice('in a measurement');
  return (performance.now() - begin) / 1000 / repeats;
}

interface CopyingDevice {
  readonly queue: { submit(commands: unknown[]): void };
  createBuffer(descriptor: { size: number; usage: number }): { destroy(): void };
  createCommandEncoder(): {
    copyBufferToBuffer(from: unknown, at: number, to: unknown, start: number, size: number): void;
    finish(): unknown;
  };
}

/** What the device copies from one buffer to another: the bandwidth that an update can reach. */
async function copySeconds(bytes: number, repeats: number): Promise<number> {
  const { device } = tf.backend() as unknown as { device: CopyingDevice };
  // COPY_SRC | COPY_DST
  const [from, to] = [0, 1].map(() => device.createBuffer({ size: bytes, usage: 4 | 8 })) as [
    { destroy(): void },
    { destroy(): void },
  ];
  const seconds = await secondsOf(repeats, () => {
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(from, 0, to, 0, bytes);
    device.queue.submit([encoder.finish()]);
  });
  from.destroy();
  to.destroy();
  return seconds;
}

export interface Bandwidth {
  readonly elements: number;
  /** GB/s: 20 bytes an element over the time of one update. */
  readonly fused: number;
  readonly composed: number;
  /** GB/s of a plain copy: bytes read and written. */
  readonly copy: number;
}

/** Effective bandwidth of the running moments' update over `elements` float32 numbers. */
export async function bandwidthOf(elements: number, repeats: number): Promise<Bandwidth> {
  const x = tf.ones([elements]);
  const rate = async (push: (moments: Moments, value: tf.Tensor) => Moments): Promise<number> => {
    let state = runningMoments.init([elements]);
    const seconds = await secondsOf(repeats, () => {
      const next = tf.tidy(() => push(state, x));
      tf.dispose(Object.values(state));
      state = next;
    });
    tf.dispose(Object.values(state));
    return (elements * MOVED) / seconds / 1e9;
  };
  const [fused, composed] = [await rate(runningMoments.push), await rate(pushComposed)];
  x.dispose();
  return { elements, fused, composed, copy: (2 * 4 * elements) / (await copySeconds(4 * elements, repeats)) / 1e9 };
}
