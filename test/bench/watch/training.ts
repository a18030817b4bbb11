// A training whose checkpoints may be scored by another process while it goes on.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import * as tf from '@tensorflow/tfjs';
import { seededRandom } from '@vogjs/base';
import { writeNpy } from '@vogjs/formats';
import { saveCheckpoints } from '@vogjs/callback/node';
import { saveLabels, saveModel } from '../saved-model.js';
import { Watcher } from './watcher.js';

export interface TrainingOptions {
  readonly name: string;
  /** Makes the network, for ten classes. */
  readonly make: () => tf.LayersModel;
  readonly shape: readonly number[];
  readonly examples: number;
  /** Examples of these that are scored at each epoch. */
  readonly probe: number;
  readonly epochs: number;
  readonly batchSize: number;
}

/** Milliseconds of one fit: what it took, the processor time of all threads of this process, and parts of that. */
export interface TrainingTimes {
  readonly clock: number;
  readonly processor: number;
  /** What it waited for saving. */
  readonly saving: number;
  /** Processor time of saving. */
  readonly savingProcessor: number;
  /** Processor time of the process beside it, while the fit went on. */
  readonly watcher: number;
}

const CLASSES = 10;
const processor = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** One network, trained from the same weights each time. */
export class Training {
  private fits = 0;

  private constructor(
    private readonly options: TrainingOptions,
    private readonly folder: string,
    private readonly model: tf.LayersModel,
    private readonly xs: tf.Tensor,
    private readonly ys: tf.Tensor,
  ) {}

  /** Makes it, and writes what scores it: examples, labels and model.json. */
  static async of(options: TrainingOptions): Promise<Training> {
    const { make, shape, examples, probe } = options;
    const folder = mkdtempSync(join(tmpdir(), 'vogjs-watch-'));
    const random = seededRandom(1);
    const size = shape.reduce((product, side) => product * side, 1);
    const pixels = Float32Array.from({ length: examples * size }, () => random.uniform());
    const labels = Int32Array.from({ length: examples }, (_, row) => row % CLASSES);
    const data = pixels.slice(0, probe * size);
    writeFileSync(join(folder, 'probe.npy'), writeNpy({ data, shape: [probe, ...shape] }));
    saveLabels(labels.subarray(0, probe), folder);
    const model = make();
    await saveModel(model, folder);
    const xs = tf.tensor(pixels, [examples, ...shape]);
    const ys = tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d(labels, 'int32'), CLASSES), 'float32'));
    return new Training(options, folder, model, xs, ys);
  }

  /** Trains once. Watched it saves each epoch, and another process scores what it saved. */
  async fit(isWatched: boolean): Promise<TrainingTimes> {
    const { epochs, batchSize } = this.options;
    const { model, folder, xs, ys } = this;
    const run = this.fits++;
    const first = model.getWeights().map((weight) => weight.clone());
    const place = `ckpt-${run}`;
    const saver = saveCheckpoints({ folder: join(folder, place) });
    const saving = { saving: 0, savingProcessor: 0 };
    const onEpochEnd = async (epoch: number): Promise<void> => {
      if (!isWatched) return;
      const begun = { clock: performance.now(), processor: processor() };
      await saver.save(model, epoch + 1);
      saving.saving += performance.now() - begun.clock;
      saving.savingProcessor += processor() - begun.processor;
    };
    model.compile({ optimizer: tf.train.sgd(0.01), loss: 'categoricalCrossentropy' });
    // It starts before the clock does: a training lasts hours.
    const watcher = isWatched ? await Watcher.started(folder, `${place}/*.safetensors`, epochs, `run-${run}`) : null;
    try {
      const before = watcher?.processor() ?? 0;
      const begun = { clock: performance.now(), processor: processor() };
      await model.fit(xs, ys, { epochs, batchSize, shuffle: false, verbose: 0, callbacks: { onEpochEnd } });
      const took = { clock: performance.now() - begun.clock, processor: processor() - begun.processor };
      const beside = (watcher?.processor() ?? 0) - before;
      await watcher?.ended();
      return { ...took, ...saving, watcher: beside };
    } finally {
      watcher?.kill();
      model.setWeights(first);
      tf.dispose(first);
    }
  }

  remove(): void {
    this.model.dispose();
    tf.dispose([this.xs, this.ys]);
    rmSync(this.folder, { recursive: true });
  }
}
