import { hashStrings, VogError } from '@vogjs/base';
import { type ImageFolder, readImageFolder } from '@vogjs/formats/images';
import { type ImageMeasures, type ImagePixels, measureImage } from '@vogjs/issues';
import { type Dataset, type OtherExamples, refuseOtherShape } from './dataset.js';
import { stampsOf } from './stamps.js';

/** Sides up to this are taken as they are: a larger picture makes a training on a processor take hours. */
const LARGEST_OWN = 64;
const SIDE = 32;

/** Asked for by the configuration. */
export interface FolderWishes {
  readonly labels: string | undefined;
  readonly classNames: readonly string[] | undefined;
  readonly imageSize: number | undefined;
}

/**
 * A folder of pictures: a folder a class, or labels in a table.
 *
 * @throws VogError those of `readImageFolder`; LABELS_UNREADABLE where no label is found
 */
export async function readPictures(path: string, wishes: FolderWishes): Promise<Dataset> {
  const { labels, classNames, imageSize } = wishes;
  const measures = new Map<string, ImageMeasures>();
  const options: FolderOptions = {
    // Bad pictures are told at their own size. Where the folder is opened twice, the first time counts.
    onPicture: (id, image) => void (measures.has(id) || measures.set(id, measureImage(image as ImagePixels))),
    ...(labels === undefined ? {} : { labels }),
    ...(classNames === undefined ? {} : { classNames: [...classNames] }),
  };
  const { folder, isScaled } = await inWordsOfFlags(sized(path, imageSize, options));
  if (folder.labels === null) {
    throw new VogError(
      'LABELS_UNREADABLE',
      `${path} has no labels. Put each class in a folder of its own, or give --labels.`,
    );
  }
  const images = folder.ids.map((id) => measures.get(id) ?? null);
  return {
    kind: 'images',
    source: path,
    fingerprint: await fingerprintOf(folder),
    size: folder.size,
    ids: folder.ids,
    // Relative to the folder, as the run wants them.
    paths: folder.ids,
    labels: folder.labels,
    classNames: folder.classNames ?? undefined,
    inputs: folder,
    levels: [null],
    images,
    meta: {
      width: images.map((image) => image?.width ?? null),
      height: images.map((image) => image?.height ?? null),
    },
    isScaled,
    ...thumbsOf(folder),
    // One file is named in the note about it already.
    notes: [
      ...folder.notes.map(({ message }) => message.replace(' followLinks: true follows them.', '')),
      ...(folder.broken.length > 1 ? folder.broken.map(({ id, reason }) => `${id}: ${reason}`) : []),
    ],
  };
}

/**
 * Pictures as those of a data set, without labels: at their own size, or brought to one where those were.
 *
 * @throws VogError INPUT_SHAPE, and those of `readImageFolder`
 */
export async function readOtherPictures(path: string, dataset: Dataset): Promise<OtherExamples> {
  const { isScaled, inputs, source } = dataset;
  const [height = 0, width = 0] = inputs.shape as readonly number[];
  if (dataset.kind !== 'images') {
    throw new VogError(
      'INPUT_SHAPE',
      `${path} is a folder of pictures, and ${source} has none. Give sets of its kind.`,
    );
  }
  const size = [height, width] as const;
  const folder = await inWordsOfFlags(readImageFolder(path, { labels: 'none', ...(isScaled ? { size } : {}) }));
  const advice = 'With --image-size all are brought to one size; it changes what a network sees.';
  refuseOtherShape(path, folder.shape, dataset, advice);
  return {
    source: path,
    fingerprint: await fingerprintOf(folder),
    size: folder.size,
    ids: folder.ids,
    inputs: folder,
    ...thumbsOf(folder),
    notes: folder.notes.map(({ message }) => message),
  };
}

function thumbsOf({ shape, size, pixels }: ImageFolder): Pick<Dataset, 'thumbs'> {
  const [height, width, channels] = shape;
  if (channels !== 1 && channels !== 3) return {};
  return { thumbs: { width, height, channels, count: size, read: (start, end) => pixels(start, end) } };
}

/** The reader names its options; people here have flags. */
async function inWordsOfFlags<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (!(error instanceof VogError)) throw error;
    const message = error.message
      .replace(
        "labels: 'labels.csv' (header id,label) or labels: 'none'",
        '--labels labels.csv, with the header id,label',
      )
      .replace('; brokenLimit: 1 goes on with the rest, if there is one', '')
      .replace(/^readImageFolder: (.*)classNames/, '$1--class-names')
      .replace(
        /Links were not followed: .*? followLinks: true follows them\./,
        'It has links, which are not followed.',
      );
    throw message === error.message ? error : new VogError(error.code, message, { cause: error });
  }
}

type FolderOptions = NonNullable<Parameters<typeof readImageFolder>[1]>;

/** The pictures at their own size where all have one that is small, else at one that trains in minutes. */
async function sized(
  path: string,
  size: number | undefined,
  options: FolderOptions,
): Promise<{ folder: ImageFolder; isScaled: boolean }> {
  if (size !== undefined) return { folder: await readImageFolder(path, { ...options, size }), isScaled: true };
  try {
    const own = await readImageFolder(path, options);
    if (Math.max(own.shape[0] ?? 0, own.shape[1] ?? 0) <= LARGEST_OWN) return { folder: own, isScaled: false };
  } catch (error) {
    if (!(error instanceof VogError && error.code === 'IMAGE_SIZES')) throw error;
  }
  return { folder: await readImageFolder(path, { ...options, size: SIDE }), isScaled: true };
}

/** Of names, labels, and the files' stamps. */
async function fingerprintOf({ ids, paths, labels, shape }: ImageFolder): Promise<string> {
  const stamps = await stampsOf(paths);
  const facts = stamps.map((stamp, at) => `${ids[at]} ${labels?.[at]} ${stamp}`);
  return hashStrings([...shape.map(String), ...facts]);
}
