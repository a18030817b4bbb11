// A folder of one's own: each image's class is the name of the folder that holds it.
import { seededRandom } from '@vogjs/formats';
import type { Examples } from './examples.js';

const SIDE = 32;
/** More would not train in a minute on a processor. */
const MOST = 2000;
const IMAGE = /\.(png|jpe?g|webp|gif|bmp|avif)$/i;

/** A file and the names of the folders above it, outermost first. */
interface Found {
  readonly file: File;
  readonly folders: readonly string[];
}

/** What became of a folder. */
export interface ReadFolder {
  readonly examples: Examples;
  readonly notes: readonly string[];
}

function filesUnder(entry: FileSystemEntry, folders: readonly string[]): Promise<Found[]> {
  if (entry.isFile) {
    return new Promise((resolve, reject) =>
      (entry as FileSystemFileEntry).file((file) => resolve([{ file, folders }]), reject),
    );
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  return (async () => {
    const found: Found[] = [];
    for (;;) {
      // A browser hands a folder out in pieces, until an empty one.
      const piece = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
      if (piece.length === 0) return found;
      for (const child of piece) found.push(...(await filesUnder(child, [...folders, entry.name])));
    }
  })();
}

/** Files that were dropped; to be called before the event's handler returns. */
export function droppedFiles(transfer: DataTransfer): Promise<Found[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  return Promise.all(entries.map((entry) => filesUnder(entry, []))).then((lists) => lists.flat());
}

/** Files that were chosen with a folder picker. */
export function chosenFiles(files: Iterable<File>): Found[] {
  return [...files].map((file) => ({ file, folders: file.webkitRelativePath.split('/').slice(0, -1) }));
}

/** The middle square of an image, scaled down to `SIDE`, as RGB on white. */
async function squareOf(file: File, context: OffscreenCanvasRenderingContext2D): Promise<Uint8Array> {
  const image = await createImageBitmap(file);
  const edge = Math.min(image.width, image.height);
  context.fillStyle = '#fff';
  context.fillRect(0, 0, SIDE, SIDE);
  context.imageSmoothingQuality = 'high';
  const [x, y] = [(image.width - edge) / 2, (image.height - edge) / 2];
  context.drawImage(image, x, y, edge, edge, 0, 0, SIDE, SIDE);
  image.close();
  const { data } = context.getImageData(0, 0, SIDE, SIDE);
  return Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, i) => data[Math.floor(i / 3) * 4 + (i % 3)]!);
}

/** Reads images into examples of one size. Throws an Error that says what a folder should look like. */
export async function folderExamples(
  found: readonly Found[],
  progress: (done: number, total: number) => void,
): Promise<ReadFolder> {
  const notes: string[] = [];
  const images = found.filter(({ file, folders }) => IMAGE.test(file.name) && folders.length > 0);
  const others = found.length - images.length;
  if (others > 0) notes.push(`${others} ${others === 1 ? 'file is' : 'files are'} no image in a folder: left out.`);
  const chosen = images.length > MOST ? sample(images) : images;
  if (images.length > MOST) notes.push(`A random ${MOST} of ${images.length} images are used.`);

  const context = new OffscreenCanvas(SIDE, SIDE).getContext('2d', { willReadFrequently: true })!;
  const squares: { pixels: Uint8Array; label: string; id: string }[] = [];
  let broken = 0;
  for (const [i, { file, folders }] of chosen.entries()) {
    try {
      const label = folders.at(-1)!;
      squares.push({ pixels: await squareOf(file, context), label, id: `${label}/${file.name}` });
    } catch {
      broken++;
    }
    if (i % 20 === 0) progress(i, chosen.length);
  }
  if (broken > 0) notes.push(`${broken} ${broken === 1 ? 'image' : 'images'} could not be decoded: left out.`);

  const classNames = [...new Set(squares.map(({ label }) => label))].sort();
  if (classNames.length < 2 || squares.length < 10) {
    throw new Error(
      `Found ${squares.length} images in ${classNames.length} ${classNames.length === 1 ? 'class' : 'classes'}; ` +
        'at least 10 images in 2 classes are needed. Give a folder that holds one folder a class: animals/cat/1.jpg, animals/dog/1.jpg.',
    );
  }
  const labels = Int32Array.from(squares, ({ label }) => classNames.indexOf(label));
  const pixels = new Uint8Array(squares.length * SIDE * SIDE * 3);
  for (const [i, square] of squares.entries()) pixels.set(square.pixels, i * square.pixels.length);
  return {
    notes,
    examples: {
      title: chosen[0]?.folders[0] ?? 'your folder',
      size: squares.length,
      side: SIDE,
      channels: 3,
      pixels,
      labels,
      classNames,
      // Two folders may hold files of one name below different parents.
      ids: unique(squares.map(({ id }) => id)),
      planted: null,
      trueLabels: labels,
    },
  };
}

function sample(images: readonly Found[]): Found[] {
  return [...seededRandom(0).shuffle(images.length).subarray(0, MOST)].sort((a, b) => a - b).map((i) => images[i]!);
}

function unique(ids: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return ids.map((id) => {
    const before = seen.get(id) ?? 0;
    seen.set(id, before + 1);
    return before === 0 ? id : `${id} (${before + 1})`;
  });
}
