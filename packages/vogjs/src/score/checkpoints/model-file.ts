import { readFile } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { isRecord, parseJson, VogError } from '@vogjs/base';
import { fileStep } from '@vogjs/formats/files';
import { loadModule } from '../config/module.js';

/**
 * Loads a TensorFlow.js model from the disk: what `model.save` or the converter wrote, layers or graph, or what a module
 * exports by default: a layers model, or a function that makes one.
 *
 * @param path of model.json or of the module
 * @throws VogError CHECKPOINT_INVALID, FILE_FAILED
 */
export async function loadModelFile(path: string): Promise<tf.LayersModel | tf.GraphModel> {
  if (/\.[cm]?[jt]s$/.test(path)) return modelOfModule(path);
  if (path.endsWith('.py')) {
    throw new VogError(
      'CHECKPOINT_INVALID',
      `${path} is a Python program. Build the same network in a module, network.mjs, that exports it by default: docs/pytorch-checkpoints.md shows how.`,
    );
  }
  const text = await fileStep('read', path, () => readFile(path, 'utf8'));
  try {
    const manifest = parseJson(text);
    if (!isRecord(manifest) || !isRecord(manifest['modelTopology'])) throw new Error('it has no modelTopology');
    const groups = (manifest['weightsManifest'] ?? []) as tf.io.WeightsManifestConfig;
    const folder = dirname(resolve(path));
    const files = groups.flatMap(({ paths }) => paths.map((name) => inside(folder, name)));
    const parts = await Promise.all(files.map((file) => readFile(file)));
    const bytes = Buffer.concat(parts);
    const handler = tf.io.fromMemory({
      modelTopology: manifest['modelTopology'],
      weightSpecs: groups.flatMap(({ weights }) => weights),
      weightData: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer,
    });
    return manifest['format'] === 'graph-model' ? await tf.loadGraphModel(handler) : await tf.loadLayersModel(handler);
  } catch (error) {
    const why = (error as Error).message;
    throw new VogError(
      'CHECKPOINT_INVALID',
      `${path} is not a TensorFlow.js model that can be loaded: ${why}. Save it again with model.save or tensorflowjs_converter.`,
      { cause: error },
    );
  }
}

async function modelOfModule(path: string): Promise<tf.LayersModel> {
  const given = await loadModule(resolve(path), 'CHECKPOINT_INVALID');
  let model: unknown;
  try {
    model = typeof given === 'function' ? await (given as () => unknown)() : given;
  } catch (error) {
    throw new VogError('CHECKPOINT_INVALID', `${path} makes no model: ${(error as Error).message}`, { cause: error });
  }
  if (model instanceof tf.LayersModel) return model;
  throw new VogError(
    'CHECKPOINT_INVALID',
    `${path} must export a tf.LayersModel by default, or a function that gives one: export default () => tf.sequential({ layers: […] }).`,
  );
}

/** A model names files of its own folder; what leads out of it is no model of ours. */
function inside(folder: string, name: string): string {
  const path = resolve(folder, name);
  if (path.startsWith(folder + sep)) return path;
  throw new Error(`its weights are said to be in '${name}', outside its folder`);
}
