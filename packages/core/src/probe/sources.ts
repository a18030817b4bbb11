import { arrayLike, checkOptions, list, text, VogError } from '@vogjs/base';
import * as tf from '@tensorflow/tfjs';
import type { ChunkInputs, ChunkSource, ProbeInput, ProbeInputs, ShapedInput } from './inputs.js';

/** Where chunks of inputs come from. */
export interface InputSource {
  readonly size: number;
  readonly shapes: readonly (readonly number[])[];
  /** False when NaN can only be found as chunks are read. */
  readonly checksItself: boolean;
  /** Checks that need the device. */
  check(): Promise<void>;
  /** The caller owns the tensors. */
  read(start: number, end: number): Promise<tf.Tensor[]>;
}

/** Makes a source of any accepted form of inputs. */
export function sourceOf(inputs: ProbeInputs): InputSource {
  if (isChunkSource(inputs)) return chunkSource(inputs);
  const list = Array.isArray(inputs) ? (inputs as readonly ProbeInput[]) : [inputs as ProbeInput];
  if (list.length === 0) throw new VogError('PROBE_EMPTY', 'inputs is an empty list. Give one per model input.');
  const sources = list.map((input, i) => (input instanceof tf.Tensor ? tensorSource(input) : arraySource(input, i)));
  const size = sources[0]?.size ?? 0;
  const other = sources.find((source) => source.size !== size);
  if (other !== undefined) {
    throw new VogError(
      'INPUT_SHAPE',
      `Inputs differ in the number of examples: ${sources.map((s) => s.size).join(' and ')}.`,
    );
  }
  return {
    size,
    shapes: sources.flatMap((source) => source.shapes),
    checksItself: true,
    check: async () => {
      for (const source of sources) await source.check();
    },
    read: async (start, end) => (await Promise.all(sources.map((source) => source.read(start, end)))).flat(),
  };
}

/** Refuses a tensor that holds NaN or infinity; `start` is the index in the probe of its first example. */
export async function checkFinite(input: tf.Tensor, start: number): Promise<void> {
  if (input.dtype !== 'float32') return;
  // One scalar leaves the device. A sum of x - x is 0 exactly when every x is finite, on every backend.
  const residue = tf.tidy(() => tf.sum(tf.sub(input, input)));
  const [value] = await residue.data();
  residue.dispose();
  if (value === 0) return;
  const values = await input.data();
  const index = values.findIndex((x) => !Number.isFinite(x));
  throw notFinite(values[index], start + Math.floor(index / (input.size / (input.shape[0] ?? 1))));
}

function tensorSource(tensor: tf.Tensor): InputSource {
  checkNotEmpty(tensor.shape);
  return {
    size: tensor.shape[0] ?? 0,
    shapes: [tensor.shape.slice(1)],
    checksItself: true,
    check: async () => {
      checkAlive(tensor);
      await checkFinite(tensor, 0);
    },
    read: async (start, end) => {
      checkAlive(tensor);
      return [tf.slice(tensor, start, end - start)];
    },
  };
}

function checkAlive(tensor: tf.Tensor): void {
  if (tensor.isDisposed) {
    throw new VogError(
      'DISPOSED',
      'The tensor given as inputs was disposed. Keep it until the tracker is, or pass an array.',
    );
  }
}

function arraySource(input: ShapedInput, position: number): InputSource {
  const where = `inputs${position === 0 ? '' : `[${position}]`}`;
  if (!Array.isArray(input?.shape)) {
    throw new VogError(
      'ARGUMENT_INVALID',
      `${where} must be a tensor, { data, shape } or a chunk source { size, shape, read }.`,
    );
  }
  checkOptions(where, input, { data: arrayLike, shape: list, dtype: text }, ['data']);
  const { data, shape } = input;
  checkNotEmpty(shape);
  const [size = 0, ...example] = shape;
  const width = example.reduce((product, length) => product * length, 1);
  if (data.length !== size * width) {
    throw new VogError(
      'INPUT_SHAPE',
      `Shape [${shape.join(', ')}] needs ${size * width} values; the array has ${data.length}.`,
    );
  }
  for (let i = 0; i < data.length; i++) {
    // As float32, which it becomes: 1e39 is finite only until then.
    if (!Number.isFinite(Math.fround(Number(data[i])))) throw notFinite(data[i], Math.floor(i / width));
  }
  return {
    size,
    shapes: [example],
    checksItself: true,
    check: async () => {},
    read: async (start, end) => [
      tf.tensor(floats(data, start * width, end * width), [end - start, ...example], 'float32'),
    ],
  };
}

function chunkSource(source: ChunkSource): InputSource {
  const { size, shape } = source;
  const shapes = (Array.isArray(shape[0]) ? shape : [shape]) as readonly (readonly number[])[];
  checkNotEmpty([size]);
  return {
    size,
    shapes,
    checksItself: false,
    check: async () => {},
    read: async (start, end) => {
      const chunk = asList(await source.read(start, end));
      const expected = shapes.map((example) => [end - start, ...example]);
      try {
        checkChunk(chunk, expected, `read(${start}, ${end})`);
      } catch (error) {
        // The tensors in it became the tracker's.
        tf.dispose(chunk.filter((input) => input instanceof tf.Tensor));
        throw error;
      }
      return chunk.map((input, i) => {
        if (input instanceof tf.Tensor) return input;
        return tf.tensor(floats(input, 0, input.length), expected[i] as number[], 'float32');
      });
    },
  };
}

function checkChunk(
  chunk: readonly (tf.Tensor | ArrayLike<number>)[],
  expected: readonly number[][],
  call: string,
): void {
  if (chunk.length !== expected.length) {
    const wanted = expected.length === 1 ? 'one input' : `${expected.length} inputs`;
    throw new VogError('INPUT_SHAPE', `${call} must give ${wanted}, as its source's shape says; got ${chunk.length}.`);
  }
  for (const [i, shape] of expected.entries()) {
    const input = chunk[i];
    const count = shape.reduce((product, length) => product * length, 1);
    const fits = input instanceof tf.Tensor ? String(input.shape) === String(shape) : input?.length === count;
    if (fits) continue;
    const got = input instanceof tf.Tensor ? `[${input.shape.join(', ')}]` : `${input?.length ?? 'no'} values`;
    throw new VogError('INPUT_SHAPE', `${call} gave ${got} for input ${i}; expected [${shape.join(', ')}].`);
  }
}

function asList(chunk: ChunkInputs): readonly (tf.Tensor | ArrayLike<number>)[] {
  if (chunk instanceof tf.Tensor) return [chunk];
  // An array of numbers is one input; an array of tensors or arrays is one entry per input.
  return Array.isArray(chunk) && typeof chunk[0] === 'object'
    ? (chunk as (tf.Tensor | ArrayLike<number>)[])
    : [chunk as ArrayLike<number>];
}

function floats(data: ArrayLike<number> | ArrayLike<bigint>, start: number, end: number): Float32Array {
  if (data instanceof Float32Array) return data.subarray(start, end);
  return Float32Array.from({ length: end - start }, (_, i) => Number(data[start + i]));
}

function isChunkSource(inputs: ProbeInputs): inputs is ChunkSource {
  return typeof inputs === 'object' && inputs !== null && 'read' in inputs && typeof inputs.read === 'function';
}

function checkNotEmpty(shape: readonly number[]): void {
  if (shape.length === 0 || !shape.every((length) => Number.isInteger(length) && length > 0)) {
    throw new VogError(
      'PROBE_EMPTY',
      `A probe needs at least one example and no empty axis; got shape [${shape.join(', ')}]. Its first axis counts examples.`,
    );
  }
}

function notFinite(value: number | bigint | undefined, example: number): VogError {
  return new VogError(
    'INPUT_NOT_FINITE',
    `Inputs hold ${value} at example ${example}. Correct the example, or leave it out.`,
  );
}
