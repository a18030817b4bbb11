import { execFile } from 'node:child_process';
import process from 'node:process';
import { promisify } from 'node:util';
import { VogError } from '@vogjs/base';

// find_spec finds the folder without running TensorFlow's own code, which takes seconds and prints.
const FIND = `import importlib.util as u
s = u.find_spec('tensorflow')
print(list(s.submodule_search_locations)[0] if s and s.submodule_search_locations else '')`;

/**
 * Folder of the TensorFlow that `python3` would import.
 *
 * @throws VogError TENSORFLOW_MISSING
 */
export async function findPythonTensorFlow(): Promise<string> {
  const advice =
    'give the path of a tensorflow wheel, of an installed Python tensorflow, or of libtensorflow: vogjs link-libtensorflow PATH';
  // A folder's name is told in UTF-8 whatever the locale.
  const options = { timeout: 60_000, env: { ...process.env, PYTHONIOENCODING: 'utf-8' } };
  let folder: string;
  try {
    folder = (await promisify(execFile)('python3', ['-c', FIND], options)).stdout.replace(/\r?\n$/, '');
  } catch (error) {
    throw new VogError('TENSORFLOW_MISSING', `There is no python3 that could be asked for its TensorFlow: ${advice}.`, {
      cause: error,
    });
  }
  if (folder !== '') return folder;
  throw new VogError('TENSORFLOW_MISSING', `python3 has no TensorFlow: activate its environment, or ${advice}.`);
}
