import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { VogError } from '@vogjs/base';
import { loadNamedWeights } from '@vogjs/core/weights';
import { fileStep } from '@vogjs/formats/files';
import { globSync } from 'tinyglobby';
import type { Checkpoints } from './checkpoints.js';
import { byNumbers } from './logit-files.js';
import { loadModelFile } from './model-file.js';
import { holdsWeights, readWeights } from './weights-file.js';
import { stampsOf } from '../data/stamps.js';

export interface SavedModels {
  /** A glob, in quotes: `'ckpt/*'`. */
  readonly pattern: string;
  /** model.json, or a module, of the architecture, for checkpoints that are weights alone. */
  readonly model: string | undefined;
  readonly layout: 'tfjs' | 'torch' | 'keras';
}

/**
 * Saved checkpoints: folders with a model.json, or safetensors and npz files whose weights an architecture takes by
 * their names. All of them are loaded once before the first is scored, so that one that does not fit is met at once.
 *
 * @throws VogError CHECKPOINT_INVALID, WEIGHTS_MISMATCH, FILE_FAILED
 */
export async function savedModels({ pattern, model, layout }: SavedModels): Promise<Checkpoints> {
  const found = globSync(pattern, { onlyFiles: false, expandDirectories: false }).map((path) =>
    path.replace(/\/$/, ''),
  );
  const isOne = (path: string): boolean =>
    holdsWeights(path) || path.endsWith('model.json') || existsSync(join(path, 'model.json'));
  const paths = found.filter(isOne).toSorted(byNumbers);
  if (paths.length === 0) {
    const what =
      found.length === 0 ? 'matches nothing' : `matches ${found.length} files, and none of them is a checkpoint`;
    throw invalid(
      `'${pattern}' ${what}. Folders with a model.json, .safetensors and .npz files are; put the pattern in quotes`,
    );
  }
  const weightsOnly = paths.find(holdsWeights);
  if (weightsOnly !== undefined && model === undefined) {
    throw invalid(
      `${weightsOnly} holds weights alone. Give --model: the model.json, or a module, of the network that takes them`,
    );
  }
  const architecture = model === undefined ? null : await loadModelFile(model);
  if (weightsOnly !== undefined && !(architecture instanceof tf.LayersModel)) {
    throw invalid(`${model} is a graph model, whose weights cannot be exchanged. Save it as a layers model`);
  }
  const load = async (path: string): Promise<tf.LayersModel | tf.GraphModel> => {
    if (!holdsWeights(path)) {
      return loadModelFile((await stat(path)).isDirectory() ? join(path, 'model.json') : path);
    }
    const network = architecture as tf.LayersModel;
    const tensors = await readWeights(path);
    try {
      loadNamedWeights(network, tensors, { layout });
    } catch (error) {
      if (!(error instanceof VogError)) throw error;
      throw new VogError(error.code, `${path}: ${error.message}${hintOf(layout, Object.keys(tensors))}`, {
        cause: error,
      });
    }
    return network;
  };
  let shapes: string | null = null;
  for (const path of paths) {
    const each = await load(path);
    const own = JSON.stringify([each.inputs, each.outputs].map((list) => list.map(({ shape }) => shape)));
    if (each !== architecture) each.dispose();
    if (shapes !== null && shapes !== own) {
      throw invalid(`${path} is a network of another shape than ${paths[0]}: ${own}, not ${shapes}`);
    }
    shapes = own;
  }
  let current: tf.LayersModel | tf.GraphModel | null = null;
  const close = (): void => {
    if (current !== null && current !== architecture) current.dispose();
    current = null;
  };
  const files = model === undefined ? paths : [model, ...paths];
  return {
    count: paths.length,
    files,
    stamps: await stampsOf(files),
    sources: paths.map((path) => (basename(path) === 'model.json' ? path : basename(path))),
    async open(index) {
      close();
      current = await load(paths[index] as string);
      return current;
    },
    close,
  };
}

/** The names look like those of another program than was said. */
function hintOf(layout: SavedModels['layout'], names: readonly string[]): string {
  const torch = names.some((name) => /\.(?:weight|running_mean)$/.test(name));
  const keras = names.some((name) => /\/(?:kernel|gamma|embeddings)(?::\d+)?$/.test(name));
  const likely = torch ? 'torch' : keras ? 'keras' : layout;
  return likely === layout
    ? ''
    : ` The names look like ${likely === 'torch' ? "PyTorch's" : "Keras's"}: try --layout ${likely}.`;
}

function invalid(why: string): VogError {
  return new VogError('CHECKPOINT_INVALID', `${why}.`);
}
