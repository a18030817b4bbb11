import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { hashStrings, VogError } from '@vogjs/base';
import { bytesOf, DataHash, readNpy } from '@vogjs/formats';
import { fileStep } from '@vogjs/formats/files';
import { classesOf } from './classes.js';
import type { Dataset } from './dataset.js';
import { readLabelsFile } from './labels-file.js';

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
  const { data, shape, dtype } = readNpy(await fileStep('read', path, () => readFile(path)));
  const [size = 0, ...axes] = shape;
  if (axes.length < 1 || axes.length > 3 || size < 2) {
    throw new VogError(
      'INPUT_SHAPE',
      `${path} has the shape [${shape.join(', ')}]. Expected two or more examples: pictures [N, height, width, channels] or rows [N, numbers].`,
    );
  }
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
  const isPicture = axes.length > 1;
  const example = axes.length === 2 ? [...axes, 1] : axes;
  const width = example.reduce((product, side) => product * side, 1);
  const scale = dtype === 'uint8' ? 1 / 255 : 1;
  const values = Float32Array.from(data as ArrayLike<number>, (value) => Number(value) * scale);
  const channels = example[2];
  const hasThumbs = isPicture && dtype === 'uint8' && (channels === 1 || channels === 3);
  return {
    kind: isPicture ? 'images' : 'arrays',
    source: path,
    fingerprint: hashStrings([basename(path), new DataHash().update(bytesOf(data)).digest(), ...given.labels]),
    size,
    ids: given.ids ?? Array.from({ length: size }, (_, row) => row),
    labels,
    classNames,
    inputs: { size, shape: example, read: (start, end) => values.subarray(start * width, end * width) },
    levels: [null],
    ...(hasThumbs && {
      thumbs: {
        height: example[0] as number,
        width: example[1] as number,
        channels,
        count: size,
        read: (start: number, end: number) => (data as Uint8Array).subarray(start * width, end * width),
      },
    }),
    notes,
  };
}
