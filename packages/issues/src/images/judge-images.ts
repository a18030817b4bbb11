import { declareOptions, type InputOf, positive, share } from '@vogjs/base/options';
import { quantile } from '@vogjs/statistics';
import type { Issue } from '../issue.js';
import { robustDistances } from '../shared/robust.js';
import { scoreAround } from '../shared/score.js';
import { percent } from '../shared/words.js';
import type { ImageMeasures } from './measure.js';

const declared = declareOptions('judgeImages', {
  dark: share().default(0.3).about('Dark where the brightest hundredth of the pixels lies below.'),
  bright: share().default(0.95).about('Bright where the darkest twentieth of the pixels lies above.'),
  blank: positive().default(1).about('Blank below this many bits of entropy of the brightness.'),
  information: positive().default(3).about('Of low information below this many bits.'),
  blurred: positive()
    .default(3)
    .about('Blurred if the share of fine detail lies this many robust standard deviations below the median.'),
  size: positive().default(2).about('Of odd size where the side is larger or smaller than usual by this factor.'),
  aspect: positive().default(2).about('Of odd aspect where width over height differs from usual by this factor.'),
  grey: share().default(0.2).about('Grey ones are odd where no larger share of the images is grey.'),
});

/** Options of `judgeImages`. */
export type JudgeImagesOptions = InputOf<typeof declared.entries>;

/** One fault that an image can have. */
export type ImageFault =
  | 'dark'
  | 'bright'
  | 'blank'
  | 'low information'
  | 'blurred'
  | 'odd size'
  | 'odd aspect'
  | 'grey';

/** What is wrong with one image: its place among the measures, the fault, and what is said of it. */
export interface ImageIssue extends Omit<Issue, 'id'> {
  readonly kind: 'image';
  readonly detail: ImageFault;
  readonly example: number;
}

/**
 * Which images are too dark, too bright, blank, blurred, of little information, of odd size or aspect, or grey among
 * colour. Every fault of every image that scores at least `least`, 0.5 for flagged ones, worst first.
 *
 * What is bright enough is the same everywhere; how sharp, how large and how wide is asked beside the other images.
 *
 * @param images of `measureImage`; null where there is none
 * @throws VogError ARGUMENT_INVALID
 */
export function judgeImages(
  images: readonly (ImageMeasures | null)[],
  options: JudgeImagesOptions = {},
  least = 0.5,
): ImageIssue[] {
  const limits = declared.resolve(options);
  const present = images.flatMap((image, example) => (image ? [{ image, example }] : []));
  if (present.length === 0) return [];
  const all = present.map(({ image }) => image);
  const details = robustDistances(all.map(({ detail }) => Math.log(detail + 1e-6)));
  const side = ({ width, height }: ImageMeasures): number => Math.sqrt(width * height);
  const usualSide = quantile(all.map(side), 0.5);
  const usualAspect = quantile(
    all.map(({ width, height }) => width / height),
    0.5,
  );
  const greyShare = all.filter(isGrey).length / all.length;
  const found: ImageIssue[] = [];
  for (const [at, { image, example }] of present.entries()) {
    const add = (
      detail: ImageFault,
      value: number,
      threshold: number,
      worst: number,
      best: number,
      why: string,
    ): void => {
      const score = scoreAround(value, threshold, best, worst);
      if (score >= least) found.push({ kind: 'image', detail, example, score, flagged: score >= 0.5, why });
    };
    const { width, height, entropy, brightest, darkest } = image;
    add(
      'dark',
      -brightest,
      -limits.dark,
      0,
      -1,
      `Dark: all but its brightest pixels lie below ${percent(brightest)} of white.`,
    );
    add(
      'bright',
      darkest,
      limits.bright,
      1,
      0,
      `Bright: nearly all of its pixels lie above ${percent(darkest)} of white.`,
    );
    if (entropy <= limits.blank) {
      add('blank', -entropy, -limits.blank, 0, -8, `Blank: its brightness has ${entropy.toFixed(2)} bits of 8.`);
    } else {
      add(
        'low information',
        -entropy,
        -limits.information,
        0,
        -8,
        `Of little information: its brightness has ${entropy.toFixed(2)} bits of 8.`,
      );
      const below = -details[at]!;
      add(
        'blurred',
        below,
        limits.blurred,
        3 * limits.blurred,
        0,
        `Blurred: fine detail is ${percent(image.detail)} of what varies in it, ${below.toFixed(1)} robust standard deviations below the usual.`,
      );
    }
    const size = side(image) / usualSide;
    const factor = Math.max(size, 1 / size);
    add(
      'odd size',
      Math.log(factor),
      Math.log(limits.size),
      2 * Math.log(limits.size) + 1,
      0,
      `Of odd size: ${width} x ${height} is ${factor.toFixed(1)} times as ${size > 1 ? 'large' : 'small'} a side as usual.`,
    );
    const stretch = Math.abs(Math.log(width / height / usualAspect));
    add(
      'odd aspect',
      stretch,
      Math.log(limits.aspect),
      2 * Math.log(limits.aspect) + 1,
      0,
      `Of odd aspect: ${width} x ${height}, where width over height is usually ${usualAspect.toFixed(2)}.`,
    );
    if (isGrey(image) && greyShare <= limits.grey && greyShare < 1) {
      add('grey', 1 - greyShare, 1 - limits.grey, 1, 0, `Grey: ${percent(1 - greyShare)} of the images are in colour.`);
    }
  }
  return found.toSorted((a, b) => b.score - a.score || a.example - b.example);
}

/** Rounding of JPEG leaves grey images a trace of colour. */
function isGrey({ colour }: ImageMeasures): boolean {
  return colour < 0.01;
}
