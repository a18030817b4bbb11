// Files that benchmarks of the command line score: a model.json, and checkpoints of its weights.
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { writeSafetensors } from '@vogjs/formats';

/** model.json and weights.bin in a folder that is there. */
export async function saveModel(model: tf.LayersModel, folder: string): Promise<void> {
  await model.save(
    tf.io.withSaveHandler(async ({ modelTopology, weightSpecs = [], weightData }) => {
      writeFileSync(join(folder, 'weights.bin'), new Uint8Array(weightData as ArrayBuffer));
      const weightsManifest = [{ paths: ['weights.bin'], weights: weightSpecs }];
      writeFileSync(
        join(folder, 'model.json'),
        JSON.stringify({ format: 'layers-model', modelTopology, weightsManifest }),
      );
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    }),
  );
}

/** The weights as safetensors, there whole or not at all: somebody may watch the folder. */
export async function saveWeights(model: tf.LayersModel, path: string): Promise<void> {
  const entries = model.weights.map(async (weight) => {
    const value = weight.read();
    return [weight.originalName, { data: (await value.data()) as Float32Array, shape: value.shape }] as const;
  });
  writeFileSync(`${path}.part`, writeSafetensors(Object.fromEntries(await Promise.all(entries))));
  renameSync(`${path}.part`, path);
}

/** labels.csv of rows numbered from 0. */
export function saveLabels(labels: ArrayLike<number>, folder: string): void {
  const rows = Array.from(labels, (label, row) => `${row},${label}`);
  writeFileSync(join(folder, 'labels.csv'), `id,label\n${rows.join('\n')}\n`);
}
