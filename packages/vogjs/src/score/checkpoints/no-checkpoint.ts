import { existsSync, statSync } from 'node:fs';
import type { VogError } from '@vogjs/base';
import { invalid } from './model-loader.js';

/** What people have `torch.save` write. */
const PICKLE = /\.(?:pt|pth|ckpt|pkl|pickle)$/;

/**
 * The refusal of a pattern that gives no checkpoint, with what is probably wrong.
 *
 * @param others files that matched and are none
 */
export function noCheckpoint(pattern: string, others: readonly string[]): VogError {
  const known = 'Checkpoints are folders with a model.json, or .safetensors or .npz files';
  if (others.length === 0) return invalid(`'${pattern}' matches nothing. ${known}. Put the pattern in quotes`);
  const pickle = others.find((path) => PICKLE.test(path));
  if (pickle !== undefined) {
    return invalid(
      `${pickle} is a pickle, which is a program and is not run. Save the state_dict as safetensors, in Python: ` +
        'safetensors.torch.save_file(model.state_dict(), path)',
    );
  }
  if (isFolder(pattern)) {
    return invalid(`'${pattern}' is a folder. Name what is in it, in quotes: '${pattern.replace(/\/$/, '')}/*'`);
  }
  return invalid(`'${pattern}' matches other files, and no checkpoint. ${known}`);
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}
