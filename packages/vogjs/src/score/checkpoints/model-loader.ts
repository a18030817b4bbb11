import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { VogError } from '@vogjs/base';
import { loadNamedWeights } from '@vogjs/core/weights';
import { loadModelFile } from './model-file.js';
import { holdsWeights, readWeights } from './weights-file.js';

type Model = tf.LayersModel | tf.GraphModel;

/** What tells how checkpoints become models. */
export interface Architecture {
  /** model.json, or a module, of the architecture, for checkpoints that are weights alone. */
  readonly model: string | undefined;
  readonly layout: 'tfjs' | 'torch' | 'keras';
}

/** Makes checkpoints the model that is scored, one at a time; all of them must be networks of one shape. */
export class ModelLoader {
  private current: Model | null = null;
  private first: { readonly path: string; readonly shapes: string } | null = null;

  private constructor(
    private readonly architecture: Model | null,
    private readonly layout: Architecture['layout'],
  ) {}

  /**
   * @param weightsOnly a checkpoint that is weights alone, where there is one
   * @throws VogError CHECKPOINT_INVALID where such weights have no architecture to go into
   */
  static async for({ model, layout }: Architecture, weightsOnly: string | undefined): Promise<ModelLoader> {
    if (weightsOnly !== undefined && model === undefined) {
      throw invalid(
        `${weightsOnly} holds weights alone. Give --model: the model.json, or a module, of the network that takes them`,
      );
    }
    const architecture = model === undefined ? null : await loadModelFile(model);
    if (weightsOnly !== undefined && !(architecture instanceof tf.LayersModel)) {
      throw invalid(`${model} is a graph model, whose weights cannot be exchanged. Save it as a layers model`);
    }
    return new ModelLoader(architecture, layout);
  }

  /**
   * Loads a checkpoint and lets it go: one that does not fit is met before it is needed.
   *
   * @param name for people, of one that is a copy
   */
  async check(path: string, name = path): Promise<void> {
    const model = await this.load(path);
    const shapes = JSON.stringify([model.inputs, model.outputs].map((list) => list.map(({ shape }) => shape)));
    if (model !== this.architecture) model.dispose();
    this.first ??= { path: name, shapes };
    if (this.first.shapes !== shapes) {
      throw invalid(
        `${name} is a network of another shape than ${this.first.path}: ${shapes}, not ${this.first.shapes}`,
      );
    }
  }

  async open(path: string): Promise<Model> {
    this.close();
    this.current = await this.load(path);
    return this.current;
  }

  close(): void {
    if (this.current !== null && this.current !== this.architecture) this.current.dispose();
    this.current = null;
  }

  private async load(path: string): Promise<Model> {
    if (!holdsWeights(path)) return loadModelFile((await stat(path)).isDirectory() ? join(path, 'model.json') : path);
    const network = this.architecture as tf.LayersModel;
    const tensors = await readWeights(path);
    try {
      loadNamedWeights(network, tensors, { layout: this.layout });
    } catch (error) {
      if (!(error instanceof VogError)) throw error;
      // It names its option; people here have flags.
      const message = error.message.replace(/\btry layout '(\w+)'/, 'try --layout $1');
      throw new VogError(error.code, `${path}: ${message}`, { cause: error });
    }
    return network;
  }
}

export function invalid(why: string): VogError {
  return new VogError('CHECKPOINT_INVALID', `${why}.`);
}
