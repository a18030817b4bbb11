import { anything, checkArgument, checkOptions, record, text } from '@vogjs/base';
import { type Tracker, VogError } from '@vogjs/core';
import type * as tf from '@tensorflow/tfjs';
import { restoreStates, statefulLayers } from './layer-states.js';
import { optimizerProblem, restoreOptimizer } from './optimizer-state.js';
import { damaged, readTraining, type TrainingFile } from './saved-training.js';
import { type GivenParts, partsOf, type TrainingParts } from './training-parts.js';

/** What `resume` takes: the parts that `autosave` saved, made as they were then. */
export interface ResumeOptions {
  /** The file of `autosave`. */
  readonly path: string;
  /** Of the same architecture, compiled with the same kind of optimizer. */
  readonly model: tf.LayersModel;
  /** Needed when one was saved, and only then. */
  readonly tracker?: Tracker;
  /** The optimizer of a loop of one's own; default that of the model. */
  readonly optimizer?: tf.Optimizer;
}

/** Where a resumed training stands. */
export interface ResumedTraining {
  /** Epochs done: what `fit` takes as `initialEpoch`. 0 where nothing is saved yet. */
  readonly epoch: number;
  /** What the `extra` of `autosave` gave; undefined where nothing is saved yet, or nothing was given. */
  readonly extra: unknown;
}

/** A saved training, before it is put into a model. */
export interface SavedTraining extends ResumedTraining {
  /**
   * Puts weights, optimizer, states of stateful layers and tracker back; all of it or, when this rejects, nothing.
   *
   * @throws VogError STATE_MISMATCH for other parts than were saved; FILE_FAILED when the file was replaced meanwhile
   */
  restore(parts: GivenParts): Promise<void>;
}

/**
 * Reads and checks a saved training, for those who must know its `epoch` or `extra` before they make the model.
 *
 * @returns null where there is no such file
 * @throws VogError FILE_FAILED, FORMAT_INVALID, FORMAT_TRUNCATED, STATE_INVALID, STATE_VERSION
 */
export async function readSavedTraining(path: string): Promise<SavedTraining | null> {
  checkArgument('readSavedTraining', 'path', path, text);
  try {
    return await readTraining(path, async ({ header: { epoch, extra }, checksum }) => ({
      epoch,
      extra: extra ?? undefined,
      restore: (given: GivenParts) => {
        const parts = partsOf('restore', given);
        return readTraining(path, async (file) => {
          if (file.checksum !== checksum) {
            throw new VogError('FILE_FAILED', `'${path}' was replaced after it was read. Read it again.`);
          }
          await putBack(path, parts, file);
        });
      },
    }));
  } catch (error) {
    if (error instanceof VogError && (error.cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return null;
    throw error;
  }
}

/**
 * Continues a training that `autosave` saved: puts weights, optimizer and tracker back and tells the epoch to go on
 * with. Where nothing is saved yet it changes nothing and gives epoch 0, so that one program begins and resumes.
 *
 * ```ts
 * const { epoch } = await resume({ path, model, tracker });
 * await model.fitDataset(batches, {
 *   epochs: 20, initialEpoch: epoch, callbacks: [fitCallback(tracker), autosave({ path, tracker })],
 * });
 * ```
 *
 * The resumed training ends in the same numbers as one that was never stopped, to the bit, where its batches are the
 * same. Shuffle from a seed and the epoch's index, since `fit` itself shuffles differently in every process.
 *
 * @throws VogError STATE_MISMATCH for other parts than were saved, STATE_INVALID for a damaged file, and those of
 *   `readSavedTraining`; model, optimizer and tracker are as they were then
 */
export async function resume(options: ResumeOptions): Promise<ResumedTraining> {
  checkOptions('resume', options, { path: text, model: anything, tracker: anything, optimizer: record }, ['path']);
  const parts = partsOf('resume', options);
  const saved = await readSavedTraining(options.path);
  if (saved === null) return { epoch: 0, extra: undefined };
  await saved.restore(parts);
  return { epoch: saved.epoch, extra: saved.extra };
}

/** Everything is checked, and the tracker, which checks itself, is loaded, before anything of the model changes. */
async function putBack(path: string, { model, optimizer, tracker }: TrainingParts, file: TrainingFile): Promise<void> {
  const mismatch = (problem: string): VogError =>
    new VogError(
      'STATE_MISMATCH',
      `The training saved in '${path}' does not fit: ${problem}. Make model, optimizer and tracker as they were when it was saved.`,
    );
  const { header, tensors } = file;
  const under = (prefix: string): [string, tf.Tensor][] => [...tensors].filter(([name]) => name.startsWith(prefix));
  const ordered = (prefix: string): tf.Tensor[] =>
    Array.from({ length: under(prefix).length }, (_, i) => {
      const tensor = tensors.get(`${prefix}${i}`);
      if (tensor === undefined) throw damaged(path, `it lacks the tensor ${prefix}${i}`);
      return tensor;
    });
  const describe = (list: readonly tf.Tensor[]): string =>
    list.map(({ dtype, shape }) => `${dtype} [${shape.join(', ')}]`).join(', ');

  const weights = ordered('weight/');
  const [then, here] = [describe(weights), describe(model.getWeights())];
  if (then !== here) throw mismatch(`its weights are ${then}, and the model's ${here}`);
  const fromOptimizer = under('optimizer/').map(([name, tensor]) => ({
    name: name.slice('optimizer/'.length),
    tensor,
  }));
  const problem = optimizerProblem(optimizer, header.optimizer, fromOptimizer);
  if (problem !== null) throw mismatch(problem);
  const layers = statefulLayers(model);
  const states = layers.map((_, k) => ordered(`state/${k}/`));
  if ((file.tracker === null) !== (tracker === undefined)) {
    throw mismatch(
      file.tracker === null ? 'it was saved without a tracker' : 'it was saved with a tracker; pass that too',
    );
  }

  if (tracker !== undefined && file.tracker !== null) await tracker.load(file.tracker);
  model.setWeights(weights);
  for (const [k, layer] of layers.entries()) restoreStates(layer, states[k] ?? []);
  await restoreOptimizer(optimizer, header.optimizer, fromOptimizer);
}
