import { settleDevice } from '@vogjs/backend';
import * as tf from '@tensorflow/tfjs';
import { createTracker, logitsOf, withLeanGradients } from '@vogjs/core';
import { vog } from '@vogjs/metrics';
import { type Images, inputsOf, labelsOf } from './cases.js';

export interface Throughput {
  readonly model: string;
  readonly chunkSize: number;
  /** Images a second of a bare loop: forward pass and lean input gradient of every chunk. */
  readonly bare: number;
  readonly tracker: number;
  /** The tracker's time over the bare loop's, median of the rounds. */
  readonly ratio: number;
  /** Bytes on the device after the second checkpoint and after the last: the same where nothing grows. */
  readonly memory: readonly [number, number];
  /** Bytes that the tracker keeps between checkpoints. */
  readonly state: number;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

/** A VoG checkpoint of `chunks` chunks against the least work that gives its gradients, in turns. */
export async function throughputOf(
  name: string,
  model: tf.LayersModel,
  images: Images,
  { chunkSize, chunks, rounds }: { readonly chunkSize: number; readonly chunks: number; readonly rounds: number },
): Promise<Throughput> {
  const size = chunkSize * chunks;
  const inputs = inputsOf(images, size);
  const labels = labelsOf(images, size);
  const oneHot = new Float32Array(size * 10);
  for (const [i, label] of labels.entries()) oneHot[i * 10 + label] = 1;
  const selected = tf.tensor2d(oneHot, [size, 10]);
  const logits = logitsOf(model);
  const tracker = createTracker({ inputs, labels, metrics: [vog()], chunkSize });
  let epoch = 0;
  const checkpoint = (): Promise<void> => tracker.checkpoint(model, { epoch: epoch++ });
  const bare = async (): Promise<void> => {
    for (let start = 0; start < size; start += chunkSize) {
      tf.tidy(() => {
        const [x, y] = [tf.slice(inputs, start, chunkSize), tf.slice(selected, start, chunkSize)];
        withLeanGradients(() => tf.grad(logits)(x, y));
      });
    }
    await settleDevice('in the bare loop');
  };
  const timed = async (run: () => Promise<void>): Promise<number> => {
    const begin = performance.now();
    await run();
    return performance.now() - begin;
  };
  const bytes = (): number =>
    (tf.memory() as tf.MemoryInfo & { numBytesAllocatedInGPU: number }).numBytesAllocatedInGPU;

  await bare();
  await checkpoint();
  await checkpoint();
  const early = bytes();
  const times: [number, number][] = [];
  for (let round = 0; round < rounds; round++) {
    if (round % 2 === 0) times.push([await timed(bare), await timed(checkpoint)]);
    else {
      const second = await timed(checkpoint);
      times.push([await timed(bare), second]);
    }
  }
  const [late, state] = [bytes(), tracker.plan().stateBytes];
  tracker.dispose();
  tf.dispose([inputs, selected]);
  return {
    model: name,
    chunkSize,
    bare: (1000 * size) / median(times.map(([time]) => time)),
    tracker: (1000 * size) / median(times.map(([, time]) => time)),
    ratio: median(times.map(([first, second]) => second / first)),
    memory: [early, late],
    state,
  };
}
