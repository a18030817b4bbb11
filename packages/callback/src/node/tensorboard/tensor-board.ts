import { checkArgument, VogError } from '@vogjs/base';
import type { Scores, Tracker, TrackerEvents } from '@vogjs/core';
import { checkPixelImages } from '@vogjs/formats/images';
import { createEventFile, type EventFile, type EventValue } from '@vogjs/formats/tensorboard';
import { entriesOf } from './entries.js';
import { declared, isTracker, type TensorBoardOptions } from './options.js';
import { type ProjectorFeatures, writeProjector } from './projector.js';

/** Follows a tracker and writes TensorBoard's files. */
export interface TensorBoardLog {
  /** The event file. */
  readonly path: string;
  /** Numbers of your own, such as loss and accuracy of an epoch, by their tags. Resolves when they are written. */
  scalars(values: Readonly<Record<string, number>>, step: number): Promise<void>;
  /**
   * Files of the projector (`projector_config.pbtxt`, points, labels and scores, a sheet of pictures). The same name
   * again replaces them.
   *
   * @throws VogError ARGUMENT_INVALID, INPUT_SHAPE, PROBE_MISMATCH, FILE_FAILED, DISK_FULL
   */
  embeddings(features: ProjectorFeatures, name?: string): Promise<void>;
  /**
   * Waits until all checkpoints so far are written, and stops following. Call it before the tracker is disposed.
   *
   * @throws VogError the first error that stopped the writing: FILE_FAILED, DISK_FULL
   */
  close(): Promise<void>;
}

/**
 * Writes what a tracker tells for TensorBoard, without TensorFlow. At each checkpoint these are the mean, percentiles
 * and histogram of every metric's scores, figures of the monitors, and the hardest examples as a table and, with
 * `images`, as a picture. Steps are optimizer steps.
 *
 * ```ts
 * const board = await tensorBoard(callback.tracker, { dir: 'logs/run-1' });
 * await model.fit(xs, ys, { epochs: 10, callbacks: [callback] });
 * await board.close();
 * ```
 *
 * A disk that fails does not stop training: writing ends, and `close` says why.
 *
 * @throws VogError ARGUMENT_INVALID, INPUT_SHAPE and PROBE_MISMATCH (images), FILE_FAILED, DISK_FULL
 */
export async function tensorBoard(tracker: Tracker, options: TensorBoardOptions): Promise<TensorBoardLog> {
  checkArgument('tensorBoard', 'tracker', tracker, isTracker);
  const { dir, every, hardest, images } = declared.resolve(options);
  if (images !== undefined) checkPixelImages('images', images, (await tracker.examples()).ids.length);
  const writer = new Writer(await createEventFile(dir));
  let ended = 0;
  const off = tracker.on('checkpointEnd', (info) => {
    if (ended++ % every !== 0) return;
    const { step } = info.position;
    // Asked for now: the tracker takes calls in their order, so that these are the scores of this checkpoint.
    const columns = columnsOf(tracker);
    void writer.add(step, async () => [
      ...(await columns).flatMap((scores) => entriesOf(scores, hardest, images)),
      ...figuresOf(info),
    ]);
  });
  return {
    path: writer.path,
    async scalars(values, step) {
      const entry = scalarsOf(values);
      await writer.add(step, async () => entry);
      writer.settle();
    },
    embeddings: async (features, name = 'features') =>
      writeProjector(dir, name, features, await tracker.examples(), await columnsOf(tracker), images),
    async close() {
      off();
      await writer.close();
    },
  };
}

/** Appends in the order of the calls; after an error nothing more is written. */
class Writer {
  private tail: Promise<void> = Promise.resolve();
  private failure: Error | undefined;
  private isClosed = false;

  constructor(private readonly file: EventFile) {}

  get path(): string {
    return this.file.path;
  }

  add(step: number, values: () => Promise<readonly EventValue[]>): Promise<void> {
    if (this.isClosed) {
      throw new VogError(
        'ARGUMENT_INVALID',
        'tensorBoard: the log is closed. Make another one with tensorBoard(tracker, { dir }).',
      );
    }
    this.tail = this.write(this.tail, Date.now() / 1000, step, values());
    return this.tail;
  }

  settle(): void {
    if (this.failure !== undefined) throw this.failure;
  }

  private async write(
    before: Promise<void>,
    wallTime: number,
    step: number,
    entry: Promise<readonly EventValue[]>,
  ): Promise<void> {
    const [known] = await Promise.allSettled([entry, before]);
    if (this.failure !== undefined) return;
    try {
      if (known.status === 'rejected') throw asError(known.reason);
      await this.file.append({ wallTime, step, values: known.value });
    } catch (error) {
      this.failure = asError(error);
    }
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    await this.tail;
    await this.file.close();
    this.settle();
  }
}

/** A disposed tracker, say, is another matter: its error goes on. */
function withoutFailed(error: unknown): Record<string, Scores> {
  if (error instanceof VogError && /^METRIC_(TORN|FAILED)$/.test(error.code)) return {};
  throw error;
}

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

/** Every column that there is; a metric that has failed has none, which the tracker has told. */
async function columnsOf(tracker: Tracker): Promise<Scores[]> {
  const all: Scores[] = [];
  const asked = tracker.metrics.map((metric) => tracker.columns(metric).catch(withoutFailed));
  for (const columns of await Promise.all(asked)) all.push(...Object.values(columns));
  return all;
}

function figuresOf({ milliseconds, figures }: TrackerEvents['checkpointEnd'][0]): EventValue[] {
  const own = Object.entries(figures).flatMap(([monitor, named]) =>
    scalarsOf(Object.fromEntries(Object.entries(named).map(([name, value]) => [`${monitor}/${name}`, value]))),
  );
  return [{ tag: 'checkpoint/seconds', scalar: milliseconds / 1000 }, ...own];
}

function scalarsOf(values: Readonly<Record<string, number>>): EventValue[] {
  return Object.entries(values).map(([tag, scalar]) => {
    if (typeof scalar !== 'number') {
      throw new VogError('ARGUMENT_INVALID', `tensorBoard: '${tag}' must be a number; got ${typeof scalar}.`);
    }
    return { tag, scalar };
  });
}
