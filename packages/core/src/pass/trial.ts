import * as tf from '@tensorflow/tfjs';
import { VogError } from '@vogjs/base';
import { computesOnProcessor, deviceTensorBytes, settleDevice } from '@vogjs/backend';
import type { GradientEngine } from '../gradients/input-gradient.js';
import type { BoundModel } from '../model/model.js';
import type { Probe } from '../probe/probe.js';
import { logits } from '../resources/builtin.js';
import type { Requirements } from '../resources/resource.js';
import { type ChunkChoice, chooseChunkSize, type TrialPass, WORKING_MEMORY } from './chunk-choice.js';
import { estimateChunkSize } from './chunks.js';
import type { Clock } from './clock.js';
import { stopwatch } from './stopwatch.js';
import { type Examples, examplesOf } from './examples.js';
import type { Footprint } from './memory-meter.js';
import { passOver } from './pass-over.js';

/** The backend does not show what its tensors take. */
class Unseen extends Error {}

/** What is tried, and with what. */
export interface TrialOptions {
  readonly model: BoundModel;
  readonly probe: Probe;
  /** Inputs of the first examples, at least one; stay the caller's. */
  readonly sample: readonly tf.Tensor[];
  readonly requires: readonly Requirements[];
  readonly workingMemory: number | undefined;
  readonly gradientEngine: GradientEngine;
  readonly clock: Clock;
}

/**
 * Chooses the chunk size by passes before training whose results are thrown away, over the first examples, repeated to
 * the length of each chunk. The values do not matter to time and memory, and a probe that is read in stretches is not
 * read again.
 *
 * @throws VogError BUDGET_TOO_SMALL when one example takes more than `workingMemory`, and what the pass throws
 */
export async function chooseByTrial(trial: TrialOptions): Promise<ChunkChoice> {
  const { probe, workingMemory = WORKING_MEMORY } = trial;
  const estimate = estimateChunkSize(probe.inputShapes);
  const limits = {
    examples: probe.size,
    estimate,
    workingMemory,
    tensorBytes: deviceTensorBytes(),
    largerIsCheaper: tf.getBackend() === 'tensorflow' && computesOnProcessor(),
  };
  let choice: ChunkChoice;
  try {
    choice = await chooseChunkSize(limits, (size) => trialPass(trial, size));
  } catch (error) {
    if (!(error instanceof Unseen)) throw error;
    const reason = 'from the shape of the input: this backend does not show what its tensors take';
    return { chunkSize: estimate, from: 'shapes', reason, workingBytes: null };
  }
  if (trial.workingMemory !== undefined && (choice.workingBytes ?? 0) > workingMemory) {
    throw new VogError(
      'BUDGET_TOO_SMALL',
      `A pass of one example takes ${choice.workingBytes} bytes and workingMemory is ${workingMemory}. ` +
        'Ways out: more workingMemory, a smaller model, or smaller inputs.',
    );
  }
  return choice;
}

async function trialPass(
  { model, probe, sample, requires, gradientEngine, clock }: TrialOptions,
  size: number,
): Promise<TrialPass> {
  let footprint: Footprint | null = null;
  let milliseconds = Number.NaN;
  const examples: Examples = {
    ...examplesOf(probe, [{ index: 0, start: 0, size }]),
    read: async () => sample.map((input) => repeated(input, size)),
  };
  const elapsed = stopwatch(clock, computesOnProcessor());
  const last = {
    requires: { logits },
    visit: ({ logits: values }: { readonly logits?: unknown }) => ({ logits: values as tf.Tensor }),
    // A device that works behind the program's back is done when the last result can be read.
    receive: async () => {
      await settleDevice('in a trial pass before training');
      milliseconds = elapsed();
    },
  };
  const consumers = requires.map((required) => ({ requires: required, visit() {} }));
  await passOver(model, examples, [...consumers, last], {
    gradientEngine,
    onFootprint: (taken) => void (footprint = taken),
  });
  if (footprint === null) throw new Unseen();
  return { milliseconds, ...withInputs(footprint, sample, size) };
}

/** The footprint of a pass that was given its inputs, and the inputs. */
function withInputs({ bytes, largestTensorBytes }: Footprint, sample: readonly tf.Tensor[], size: number): Footprint {
  const inputs = sample.map(({ shape, dtype }) => {
    const [, ...example] = shape;
    return size * tf.util.sizeFromShape(example) * tf.util.bytesPerElement(dtype);
  });
  return {
    bytes: bytes + inputs.reduce((sum, length) => sum + length, 0),
    largestTensorBytes: Math.max(largestTensorBytes, ...inputs),
  };
}

function repeated(input: tf.Tensor, size: number): tf.Tensor {
  return tf.tidy(() => {
    const rows = input.shape[0] ?? 1;
    const indices = Int32Array.from({ length: size }, (_, i) => i % rows);
    return tf.gather(input, tf.tensor1d(indices, 'int32'));
  });
}
