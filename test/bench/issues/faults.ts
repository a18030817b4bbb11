// Images with planted faults: which tool names them.
import { firstImages, readImages } from '@vogjs/example-shared';
import { seededRandom } from '@vogjs/base';
import { type ImageFault, type ImageIssue, judgeImages, measureImage } from '@vogjs/issues';
import { evaluateDetection } from '@vogjs/statistics';
import { qualityOf } from './labels.js';
import type { PeerAnswer, PeerImage } from './peer.js';

/** Our name of a fault, and cleanvision's. */
const FAULTS: readonly (readonly [ImageFault, string])[] = [
  ['dark', 'dark'],
  ['bright', 'light'],
  ['blurred', 'blurry'],
  ['low information', 'low_information'],
  ['odd aspect', 'odd_aspect_ratio'],
  ['odd size', 'odd_size'],
  ['grey', 'grayscale'],
];
const EACH = 40;

/** CIFAR-10 images, of which so many of each kind are made faulty. */
export async function faultyImages(
  count: number,
  seed: number,
): Promise<{ images: PeerImage[]; faults: (ImageFault | null)[] }> {
  const set = firstImages(await readImages('cifar10', { part: 'test', count, folder: null }), count);
  const random = seededRandom(seed);
  const length = 3 * 32 * 32;
  const images: PeerImage[] = Array.from({ length: count }, (_, i) => ({
    data: set.pixels.slice(i * length, (i + 1) * length),
    width: 32,
    height: 32,
    channels: 3,
  }));
  const faults: (ImageFault | null)[] = Array<null>(count).fill(null);
  for (const [at, i] of [...random.shuffle(count).subarray(0, EACH * FAULTS.length)].entries()) {
    const fault = FAULTS[at % FAULTS.length]![0];
    images[i] = spoil(images[i]!, fault);
    faults[i] = fault;
  }
  return { images, faults };
}

function spoil(image: PeerImage, fault: ImageFault): PeerImage {
  const { data, width, height } = image;
  const map = (change: (value: number, at: number) => number): PeerImage => ({
    ...image,
    data: data.map((value, at) => Math.max(0, Math.min(255, Math.round(change(value, at))))),
  });
  const resized = (w: number, h: number): PeerImage => {
    const pixels = new Uint8Array(3 * w * h);
    for (let at = 0; at < pixels.length; at++) {
      const [c, x, y] = [at % 3, Math.floor(at / 3) % w, Math.floor(at / 3 / w)];
      pixels[at] = data[3 * (Math.floor((y * height) / h) * width + Math.floor((x * width) / w)) + c]!;
    }
    return { data: pixels, width: w, height: h, channels: 3 };
  };
  if (fault === 'dark') return map((value) => value / 5);
  if (fault === 'bright') return map((value) => 248 + value / 36);
  if (fault === 'low information') return map((value) => 120 + value / 64);
  if (fault === 'grey')
    return map((_, at) => (data[at - (at % 3)]! + data[at - (at % 3) + 1]! + data[at - (at % 3) + 2]!) / 3);
  if (fault === 'odd aspect') return resized(64, 16);
  if (fault === 'odd size') return resized(160, 160);
  // A mean over 5 x 5 pixels, twice.
  const soft = (source: ArrayLike<number>): Float64Array =>
    Float64Array.from(data, (_, at) => {
      const [c, x, y] = [at % 3, Math.floor(at / 3) % width, Math.floor(at / 3 / width)];
      let sum = 0;
      for (let dy = -2; dy <= 2; dy++) {
        for (let dx = -2; dx <= 2; dx++) {
          const [u, v] = [Math.max(0, Math.min(width - 1, x + dx)), Math.max(0, Math.min(height - 1, y + dy))];
          sum += source[3 * (v * width + u) + c]!;
        }
      }
      return sum / 25;
    });
  const smooth = soft(soft(data));
  return map((_, at) => smooth[at]!);
}

export interface FaultRow {
  readonly fault: ImageFault;
  readonly ours: { readonly auroc: number; readonly precision: number; readonly recall: number };
  readonly theirs: { readonly auroc: number; readonly precision: number; readonly recall: number };
}

export function compareFaults(
  images: readonly PeerImage[],
  faults: readonly (ImageFault | null)[],
  peer: PeerAnswer,
): { rows: FaultRow[]; seconds: number } {
  const began = process.cpuUsage();
  const issues: readonly ImageIssue[] = judgeImages(
    images.map((image) => measureImage(image)),
    {},
    0,
  );
  const seconds = process.cpuUsage(began).user / 1e6;
  const rows = FAULTS.map(([fault, name]): FaultRow => {
    const truth = Uint8Array.from(faults, (each) => Number(each === fault));
    const scores = new Float64Array(images.length);
    // A blank image has little information too.
    const kinds = fault === 'low information' ? ['blank', fault] : [fault];
    for (const { detail, example, score } of issues) {
      if (kinds.includes(detail)) scores[example] = detail === 'blank' ? 1 + score : score;
    }
    const { scores: theirs, flags } = peer.cleanvision![name]!;
    return {
      fault,
      ours: {
        auroc: evaluateDetection({ values: scores, hardDirection: 'high' }, truth).auroc,
        ...qualityOf(
          Array.from(scores, (score) => Number(score >= 0.5)),
          truth,
        ),
      },
      theirs: {
        auroc: evaluateDetection({ values: theirs, hardDirection: 'low' }, truth).auroc,
        ...qualityOf(flags, truth),
      },
    };
  });
  return { rows, seconds };
}
