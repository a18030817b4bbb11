import { VogError } from '@vogjs/base';
import type { NamedTensor } from '@vogjs/core/weights';
import { readNpz, readSafetensors } from '@vogjs/formats';
import { parsedFile } from '../data/parsed-file.js';

/** Whether a file is weights by name, by its ending. */
export function holdsWeights(path: string): boolean {
  return path.endsWith('.safetensors') || path.endsWith('.npz');
}

/**
 * Tensors by name. Halves of safetensors are read as float32.
 *
 * @throws VogError FILE_FAILED, those of `readSafetensors` and `readNpz`, CHECKPOINT_INVALID for arrays without names
 */
export async function readWeights(path: string): Promise<Readonly<Record<string, NamedTensor>>> {
  const tensors = await parsedFile<Readonly<Record<string, NamedTensor>>>(path, (bytes) =>
    path.endsWith('.npz') ? readNpz(bytes) : readSafetensors(bytes).tensors,
  );
  if (Object.keys(tensors).length > 0 && Object.keys(tensors).every((name) => /^arr_\d+$/.test(name))) {
    throw new VogError(
      'CHECKPOINT_INVALID',
      `${path} has arrays without names (arr_0, …). Save each by its name: np.savez(path, **{w.path: w.numpy() for w in model.weights}).`,
    );
  }
  return tensors;
}
