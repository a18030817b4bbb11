import type { ReportPictures } from '@vogjs/report';
import { type Run, thumbAt } from '@vogjs/run';
import { decode } from 'fast-png';

/** So often a page may ask for other pictures than before; galleries that grow or shrink do. */
const ROUNDS = 4;

interface Sheet {
  readonly name: string;
  readonly data: Uint8Array;
  readonly width: number;
  readonly channels: number;
}

/**
 * A page with the pictures that it shows, and no others read: it is made once to see which those are. A run of 100,000
 * pictures has hundreds of megabytes of them, and a page shows some hundred pictures.
 *
 * @param render makes the page; called with undefined for a run without pictures
 */
export async function withPictures(run: Run, render: (images: ReportPictures | undefined) => string): Promise<string> {
  if (!(await run.has('thumbs/index.json'))) return render(undefined);
  const index = await run.thumbs();
  const { width, height, count } = index;
  let sheet = await readSheet(run, thumbAt(index, 0).sheet);
  const { channels } = sheet;
  const pictures = new Map<number, Uint8Array>();
  const blank = new Uint8Array(width * height * channels);
  const wanted = new Set<number>();
  const read = (example: number): Uint8Array => {
    const known = pictures.get(example);
    if (known === undefined) wanted.add(example);
    return known ?? blank;
  };
  const images: ReportPictures = { read, shape: [count, height, width, channels] };
  let page = render(images);
  for (let round = 0; wanted.size > 0 && round < ROUNDS; round++) {
    // In their order: each sheet is read once.
    for (const example of [...wanted].toSorted((a, b) => a - b)) {
      const { sheet: name, left, top } = thumbAt(index, example);
      if (name !== sheet.name) sheet = await readSheet(run, name);
      const picture = new Uint8Array(blank.length);
      for (let y = 0; y < height; y++) {
        const from = ((top + y) * sheet.width + left) * channels;
        picture.set(sheet.data.subarray(from, from + width * channels), y * width * channels);
      }
      pictures.set(example, picture);
    }
    wanted.clear();
    page = render(images);
  }
  return page;
}

async function readSheet(run: Run, name: string): Promise<Sheet> {
  const { data, width, channels } = decode(await run.storage.read(name));
  return { name, data: data as Uint8Array, width, channels };
}
