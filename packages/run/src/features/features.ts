import { VogError } from '@vogjs/base';
import { readSafetensors, writeSafetensors } from '@vogjs/formats';
import { absent, type RunStorage } from '../storage/storage.js';

export const FEATURES = 'features.safetensors';

/** Features of all examples at the last checkpoint, row-major `[N, size]`. */
export interface Features {
  readonly data: Float32Array;
  readonly examples: number;
  readonly size: number;
}

export async function writeFeatures(storage: RunStorage, { data, examples, size }: Features): Promise<void> {
  await storage.write(FEATURES, writeSafetensors({ features: { data, shape: [examples, size] } }));
}

export async function readFeatures(storage: RunStorage, examples: number): Promise<Features> {
  if ((await storage.size(FEATURES)) === null) throw absent(storage.place, FEATURES);
  const tensor = readSafetensors(await storage.read(FEATURES)).tensors['features'];
  const [rows, size] = tensor?.shape ?? [];
  if (tensor?.dtype !== 'F32' || rows !== examples || size === undefined || tensor.shape.length !== 2) {
    throw new VogError(
      'RUN_INVALID',
      `${FEATURES} of ${storage.place} does not hold ${examples} rows of float32 features. Make the run again.`,
    );
  }
  return { data: tensor.data as Float32Array, examples, size };
}
