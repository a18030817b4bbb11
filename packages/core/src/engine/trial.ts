import * as tf from '@tensorflow/tfjs';
import { VogError } from '@vogjs/base';
import { deviceTensorBytes, settleDevice, withMemoryMeter } from '@vogjs/backend';
import type { GradientEngine } from '../gradients/input-gradient.js';
import type { Metric } from '../metrics/metric.js';
import type { BoundModel } from '../model/adapter.js';
import type { Probe } from '../probe/probe.js';
import { ChunkResolver, type Needs } from '../resources/resolver.js';
import { type ChunkChoice, chooseChunkSize, type TrialPass, WORKING_MEMORY } from './chunk-choice.js';
import { estimateChunkSize } from './chunks.js';
import type { Clock } from './clock.js';
import { TOKENS } from './container.js';
import { inject, injectable } from './injection.js';
import type { TrackerOptions } from './options.js';

/** The backend does not show what its tensors take. */
class Unseen extends Error {}

/** Passes made before training, whose results are thrown away: what a checkpoint of so many examples at a time takes. */
@injectable()
export class Trial {
  constructor(
    @inject(TOKENS.probe) private readonly probe: Probe,
    @inject(TOKENS.options) private readonly options: TrackerOptions,
    @inject(TOKENS.gradientEngine) private readonly engine: GradientEngine,
    @inject(TOKENS.clock) private readonly clock: Clock,
  ) {}

  /**
   * Chooses the chunk size by passes over the first examples, repeated to the length of each chunk: the values do not
   * matter to time and memory, and a probe that is read in stretches is not read again.
   *
   * @param sample inputs of the first examples, at least one; stays the caller's
   * @throws VogError BUDGET_TOO_SMALL when one example takes more than `workingMemory`, and what the pass throws
   */
  async choose(
    { bound, needs }: { readonly bound: BoundModel; readonly needs: Needs },
    metrics: readonly Metric[],
    sample: readonly tf.Tensor[],
  ): Promise<ChunkChoice> {
    const estimate = estimateChunkSize(this.probe.inputShapes);
    const { workingMemory = WORKING_MEMORY } = this.options;
    const limits = { examples: this.probe.size, estimate, workingMemory, tensorBytes: deviceTensorBytes() };
    const requirements = metrics.map(({ requires }) => requires);
    let choice: ChunkChoice;
    try {
      choice = await chooseChunkSize(limits, (size) => this.pass(bound, needs, requirements, sample, size));
    } catch (error) {
      if (!(error instanceof Unseen)) throw error;
      const reason = 'from the shape of the input: this backend does not show what its tensors take';
      return { chunkSize: estimate, from: 'shapes', reason, workingBytes: null };
    }
    if (this.options.workingMemory !== undefined && (choice.workingBytes ?? 0) > workingMemory) {
      throw new VogError(
        'BUDGET_TOO_SMALL',
        `A pass of one example takes ${choice.workingBytes} bytes and workingMemory is ${workingMemory}. ` +
          'Ways out: more workingMemory, a smaller model, or smaller inputs.',
      );
    }
    return choice;
  }

  private async pass(
    bound: BoundModel,
    needs: Needs,
    requirements: readonly Metric['requires'][],
    sample: readonly tf.Tensor[],
    size: number,
  ): Promise<TrialPass> {
    const labels = this.probe.labels?.subarray(0, size) ?? null;
    const rows = this.probe.rows(0, size);
    const started = this.clock.now();
    const { result: logits, footprint } = withMemoryMeter(() =>
      tf.tidy(() => {
        const inputs = sample.map((input) => repeated(input, size));
        const resolver = new ChunkResolver(bound, this.engine, needs, { inputs, labels, rows, start: 0, size });
        for (const required of requirements) resolver.resolve(required);
        return tf.clone(resolver.logits());
      }),
    );
    try {
      // A device that works behind the program's back is done when the last result can be read.
      await logits.data();
      await settleDevice('in a trial pass before training');
    } finally {
      logits.dispose();
    }
    const milliseconds = this.clock.now() - started;
    if (footprint === null) throw new Unseen();
    return { milliseconds, ...footprint };
  }
}

function repeated(input: tf.Tensor, size: number): tf.Tensor {
  const rows = input.shape[0] ?? 1;
  const indices = Int32Array.from({ length: size }, (_, i) => i % rows);
  return tf.gather(input, tf.tensor1d(indices, 'int32'));
}
