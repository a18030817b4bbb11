import { refuseUnknownKeys, requireBytes, shown, VogError } from '@vogjs/base';
import { isGzip } from '../bytes/gzip.js';

/** Which of the two binary layouts a file has. */
export interface CifarOptions {
  /** `'cifar10'`: one label byte a record; `'cifar100'`: a coarse and a fine one. */
  readonly kind: 'cifar10' | 'cifar100';
}

/** Images as bytes 0 to 255, NHWC, with their labels. */
export interface CifarImages {
  readonly images: Uint8Array;
  /** [N, 32, 32, 3] */
  readonly shape: [number, number, number, number];
  /** Class of each image, [N]: 0 to 9, for CIFAR-100 the fine label, 0 to 99. */
  readonly labels: Int32Array;
  /** Superclass of each image, [N], 0 to 19; null for CIFAR-10. */
  readonly coarseLabels: Int32Array | null;
}

const SIDE = 32;
const PIXELS = SIDE * SIDE;
const CHANNELS = 3;

interface LabelByte {
  readonly name: string;
  readonly classes: number;
}

// The label bytes that start a record, in their order.
const LABEL_BYTES: Readonly<Record<CifarOptions['kind'], readonly LabelByte[]>> = {
  cifar10: [{ name: 'label', classes: 10 }],
  cifar100: [
    { name: 'coarse label', classes: 20 },
    { name: 'fine label', classes: 100 },
  ],
};

/**
 * Reads one file of CIFAR-10 or CIFAR-100 in its "binary version": records of the label byte or bytes, then 1024 red,
 * 1024 green and 1024 blue bytes. Any number of records; concatenated batches are read as one.
 *
 * Throws `FORMAT_TRUNCATED` (no records, or a part of one at the end) and `LABEL_INVALID`, with the offset;
 * `FORMAT_INVALID` for a gzipped file, `ARGUMENT_INVALID` for what is no Uint8Array, or no kind.
 *
 * Source: A. Krizhevsky, "The CIFAR-10 dataset", binary version.
 */
export function readCifar(file: Uint8Array, options: CifarOptions): CifarImages {
  const bytes = requireBytes('readCifar', file);
  const kind = readKind(options);
  const labelBytes = LABEL_BYTES[kind];
  // No record starts with a label of 31.
  if (isGzip(bytes)) {
    throw new VogError(
      'FORMAT_INVALID',
      'The CIFAR file is gzipped. Decompress it first: gunzipSync(bytes) in Node, DecompressionStream in a browser.',
    );
  }
  const record = labelBytes.length + CHANNELS * PIXELS;
  const count = Math.floor(bytes.length / record);
  if (count === 0 || bytes.length % record !== 0) throw truncated(bytes.length, record, kind);

  const [labels, ...coarse] = labelBytes.map((label, at) => readLabels(bytes, at, label, record, count)).reverse();
  const images = new Uint8Array(count * PIXELS * CHANNELS);
  for (let image = 0; image < count; image++) {
    const red = image * record + labelBytes.length;
    for (let pixel = 0, to = image * PIXELS * CHANNELS; pixel < PIXELS; pixel++) {
      images[to++] = bytes[red + pixel]!;
      images[to++] = bytes[red + PIXELS + pixel]!;
      images[to++] = bytes[red + 2 * PIXELS + pixel]!;
    }
  }
  return { images, shape: [count, SIDE, SIDE, CHANNELS], labels: labels!, coarseLabels: coarse[0] ?? null };
}

function readKind(options: unknown): CifarOptions['kind'] {
  if (typeof options !== 'object' || options === null) {
    throw new VogError(
      'ARGUMENT_INVALID',
      `readCifar: the options are ${shown(options)}; say which layout the file has: { kind: 'cifar10' } or ` +
        "{ kind: 'cifar100' }.",
    );
  }
  refuseUnknownKeys('readCifar', options, ['kind']);
  const { kind } = options as Partial<CifarOptions>;
  if (kind === 'cifar10' || kind === 'cifar100') return kind;
  throw new VogError('ARGUMENT_INVALID', `readCifar: kind is ${shown(kind)}, expected 'cifar10' or 'cifar100'.`);
}

function readLabels(
  bytes: Uint8Array,
  at: number,
  { name, classes }: LabelByte,
  record: number,
  count: number,
): Int32Array {
  const labels = new Int32Array(count);
  for (let index = 0; index < count; index++) {
    const label = bytes[index * record + at]!;
    if (label >= classes) {
      throw new VogError(
        'LABEL_INVALID',
        `The ${name} of record ${index}, byte ${index * record + at} of the file, is ${label}; expected 0 to ` +
          `${classes - 1}. Is this the binary version of the right data set, decompressed?`,
      );
    }
    labels[index] = label;
  }
  return labels;
}

function truncated(length: number, record: number, kind: CifarOptions['kind']): VogError {
  const whole = Math.floor(length / record);
  const other = kind === 'cifar10' ? 'cifar100' : 'cifar10';
  const otherRecord = LABEL_BYTES[other].length + CHANNELS * PIXELS;
  const hint = length > 0 && length % otherRecord === 0 ? ` It fits kind: '${other}'.` : '';
  return new VogError(
    'FORMAT_TRUNCATED',
    `The ${kind} file of ${length} bytes ends ${length - whole * record} bytes into record ${whole}, which starts at ` +
      `byte ${whole * record}; expected one or more records of ${record} bytes.${hint}`,
  );
}
