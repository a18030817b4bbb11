import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { VogError } from '@vogjs/base';
import { readNpy } from '@vogjs/formats';
import { fileStep } from '@vogjs/formats/files';
import { contentOfFiles } from '../data/content.js';
import { parsedFile } from '../data/parsed-file.js';
import { stampsOf } from '../data/stamps.js';

/** Stored logits: `count` checkpoints of `[examples, classes]`. */
export interface LogitFiles {
  readonly count: number;
  readonly examples: number;
  readonly classes: number;
  readonly sources: readonly string[];
  /** Tells these files from others of the same names. */
  readonly stamps: readonly string[];
  /** Hash of what they hold now. */
  content(): Promise<string>;
  /** `[N, K]` of one checkpoint, row-major. */
  read(checkpoint: number): Promise<Float32Array>;
}

/**
 * Opens stored logits: one .npy file `[T, N, K]`, or a folder of one `[N, K]` a checkpoint, in the order of their names
 * with numbers by value. A folder is read one checkpoint at a time; all of them once at first, so that one that does not
 * fit is met before anything is scored.
 *
 * @throws VogError LOGITS_INVALID, FILE_FAILED
 */
export async function openLogits(path: string): Promise<LogitFiles> {
  const found = await fileStep('read', path, () => stat(path));
  const files = await (found.isDirectory() ? fromFolder(path) : fromOne(path));
  for (let checkpoint = 0; checkpoint < files.count; checkpoint++) await refuseNotFinite(path, files, checkpoint);
  return files;
}

async function fromFolder(path: string): Promise<LogitFiles> {
  const names = (await readdir(path)).filter((name) => name.endsWith('.npy')).toSorted(byNumbers);
  if (names.length === 0) throw invalid(path, 'has no .npy files; each is one checkpoint [N, K]');
  const read = (name: string): Promise<Logits> => readLogits(join(path, name), 2);
  const first = await read(names[0] as string);
  const [examples = 0, classes = 0] = first.shape;
  checkSize(path, examples, classes);
  refuseProbabilities(join(path, names[0] as string), first.data, classes);
  const files = names.map((name) => join(path, name));
  return {
    count: names.length,
    examples,
    classes,
    sources: names,
    stamps: await stampsOf(files),
    content: contentOfFiles(files),
    async read(checkpoint) {
      const name = names[checkpoint] as string;
      const { data, shape } = checkpoint === 0 ? first : await read(name);
      if (shape[0] !== examples || shape[1] !== classes) {
        throw invalid(join(path, name), `is [${shape.join(', ')}], and ${names[0]} is [${examples}, ${classes}]`);
      }
      return data;
    },
  };
}

/** Names with numbers by value: `epoch-2` before `epoch-10`. */
export function byNumbers(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

async function fromOne(path: string): Promise<LogitFiles> {
  const { data, shape } = await readLogits(path, 3);
  const [count = 0, examples = 0, classes = 0] = shape;
  if (count === 0) throw invalid(path, 'holds no checkpoint');
  checkSize(path, examples, classes);
  const size = examples * classes;
  refuseProbabilities(path, data.subarray(0, size), classes);
  return {
    count,
    examples,
    classes,
    sources: Array.from({ length: count }, (_, checkpoint) => `checkpoint ${checkpoint}`),
    stamps: await stampsOf([path]),
    content: contentOfFiles([path]),
    read: async (checkpoint) => data.subarray(checkpoint * size, (checkpoint + 1) * size),
  };
}

interface Logits {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

async function readLogits(path: string, axes: 2 | 3): Promise<Logits> {
  const { data, shape, dtype } = await parsedFile(path, readNpy);
  const expected = axes === 3 ? '[checkpoints, examples, classes]' : '[examples, classes]';
  if (shape.length !== axes) throw invalid(path, `has the shape [${shape.join(', ')}], expected ${expected}`);
  if (dtype !== 'float32' && dtype !== 'float64') throw invalid(path, `holds ${dtype}, expected float32 or float64`);
  return { data: data instanceof Float32Array ? data : Float32Array.from(data as Float64Array), shape };
}

function checkSize(path: string, examples: number, classes: number): void {
  if (examples < 2) throw invalid(path, `holds ${examples} examples; scores compare two or more`);
  if (classes < 2) {
    throw invalid(path, 'has one output an example. For one sigmoid unit z, save the pair (-z/2, z/2)');
  }
}

/** Refuses rows that are probabilities, where all of the first are: their softmax would be flat. */
function refuseProbabilities(path: string, data: Float32Array, classes: number): void {
  const rows = Math.min(1000, data.length / classes);
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (const value of data.subarray(row * classes, (row + 1) * classes)) {
      if (!(value >= 0 && value <= 1)) return;
      sum += value;
    }
    if (Math.abs(sum - 1) > 1e-3) return;
  }
  throw invalid(path, 'holds probabilities: each row sums to 1. Save logits, or np.log(np.clip(p, 1e-12, 1))');
}

/** Refuses numbers that cannot be compared. A later checkpoint without any that can had diverged, and is left out. */
async function refuseNotFinite(
  path: string,
  { classes, sources, read }: LogitFiles,
  checkpoint: number,
): Promise<void> {
  const data = await read(checkpoint);
  const at = data.findIndex((value) => !Number.isFinite(value));
  if (at === -1 || (checkpoint > 0 && isDiverged(data, classes))) return;
  const advice =
    data[at] === Number.NEGATIVE_INFINITY
      ? 'Of a class that is masked save -1e9'
      : 'Leave that example out everywhere, or that checkpoint';
  const example = Math.floor(at / classes);
  throw invalid(path, `holds ${data[at]} at example ${example} of ${sources[checkpoint]}. ${advice}`);
}

/** Whether no row has a softmax. */
function isDiverged(data: Float32Array, classes: number): boolean {
  for (let start = 0; start < data.length; start += classes) {
    const row = data.subarray(start, start + classes);
    if (row.every((value) => value < Number.POSITIVE_INFINITY) && row.some(Number.isFinite)) return false;
  }
  return true;
}

function invalid(path: string, why: string): VogError {
  return new VogError('LOGITS_INVALID', `${path} ${why}.`);
}
