import { basename } from 'node:path';
import { hashStrings, VogError } from '@vogjs/base';
import type { ChunkSource } from '@vogjs/core';
import { bytesOf, DataHash, readNpy } from '@vogjs/formats';
import type { ThumbPixels } from '@vogjs/run';
import { classesOf } from './classes.js';
import { type Dataset, type OtherExamples, refuseOtherShape } from './dataset.js';
import { readLabelsFile } from './labels-file.js';
import { parsedFile } from './parsed-file.js';

/**
 * Examples in an .npy file: pictures `[N, height, width]` or `[N, height, width, channels]`, or rows `[N, numbers]`. Bytes
 * are brought to 0 … 1.
 *
 * @throws VogError INPUT_SHAPE, LABELS_UNREADABLE, LABEL_INVALID, CLASSES_UNFIT, FILE_FAILED
 */
export async function readArrayFile(
  path: string,
  labelsPath: string | undefined,
  names: readonly string[] | undefined,
): Promise<Dataset> {
  const examples = await readExamples(path, 2);
  const { size } = examples;
  if (labelsPath === undefined) {
    throw new VogError(
      'LABELS_UNREADABLE',
      `${path} has no labels in it. Give --labels: a CSV with the header id,label.`,
    );
  }
  const given = await readLabelsFile(labelsPath);
  if (given.labels.length !== size) {
    throw new VogError(
      'INPUT_SHAPE',
      `${labelsPath} has ${given.labels.length} labels for ${size} examples in ${path}.`,
    );
  }
  const { labels, classNames, notes } = classesOf(given.labels, null, names);
  return {
    kind: examples.isPicture ? 'images' : 'arrays',
    source: path,
    fingerprint: hashStrings([basename(path), examples.hash, ...given.labels]),
    size,
    ids: given.ids ?? examples.ids,
    labels,
    classNames,
    inputs: examples.inputs,
    levels: [null],
    ...(examples.thumbs && { thumbs: examples.thumbs }),
    notes,
  };
}

/**
 * Examples of an .npy file as those of a data set, without labels.
 *
 * @throws VogError INPUT_SHAPE, SAMPLE_TOO_SMALL, FILE_FAILED
 */
export async function readOtherArrays(path: string, dataset: Dataset): Promise<OtherExamples> {
  const { hash, isPicture: _, ...examples } = await readExamples(path, 1);
  refuseOtherShape(path, examples.inputs.shape as readonly number[], dataset, 'Give a set of the same shape.');
  return { ...examples, source: path, fingerprint: hashStrings([basename(path), hash]), notes: [] };
}

async function readExamples(path: string, least: number) {
  const { data, shape, dtype } = await parsedFile(path, readNpy);
  const [size = 0, ...axes] = shape;
  if (axes.length < 1 || axes.length > 3 || size < least) {
    const isEmpty = size === 0 && axes.length > 0;
    throw new VogError(
      isEmpty ? 'SAMPLE_TOO_SMALL' : 'INPUT_SHAPE',
      `${path} has the shape [${shape.join(', ')}]. Expected ${least === 1 ? 'one' : 'two'} or more examples: pictures [N, height, width, channels] or rows [N, numbers].`,
    );
  }
  const isPicture = axes.length > 1;
  const example = axes.length === 2 ? [...axes, 1] : axes;
  const width = example.reduce((product, side) => product * side, 1);
  const scale = dtype === 'uint8' ? 1 / 255 : 1;
  const values = Float32Array.from(data as ArrayLike<number>, (value) => Number(value) * scale);
  const [height = 0, side = 0, channels = 0] = example;
  const hasThumbs = isPicture && dtype === 'uint8' && (channels === 1 || channels === 3);
  const inputs: ChunkSource = {
    size,
    shape: example,
    read: (start, end) => values.subarray(start * width, end * width),
  };
  const thumbs: ThumbPixels = {
    height,
    width: side,
    channels: channels === 1 ? 1 : 3,
    count: size,
    read: (start, end) => (data as Uint8Array).subarray(start * width, end * width),
  };
  return {
    size,
    isPicture,
    ids: Array.from({ length: size }, (_, row) => row),
    inputs,
    ...(hasThumbs ? { thumbs } : {}),
    hash: new DataHash().update(bytesOf(data)).digest(),
  };
}
