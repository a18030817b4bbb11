import { seededRandom } from '@vogjs/base';
import { type HumanLabels, wrongLabels } from '@vogjs/example-shared';

/** What is done to the labels of Fashion-MNIST, and the human labels of CIFAR-10. */
export const NOISES = ['clean', 'uniform-40', 'class-20', 'cifar10-worse'] as const;
export type Noise = (typeof NOISES)[number];

/** For each class of Fashion-MNIST one that looks like it: T-shirt and shirt, pullover and coat, sneaker and boot, … */
const LOOKALIKE = [6, 3, 4, 1, 2, 7, 0, 9, 5, 7] as const;

/**
 * Labels with errors: a share of all of them, drawn at random, becomes one of the other classes at random
 * (`uniform-40`), or a share of each class becomes the one that looks like it (`class-20`).
 */
export function addNoise(clean: Int32Array, noise: 'clean' | 'uniform-40' | 'class-20', seed: number): HumanLabels {
  const given = clean.slice();
  const random = seededRandom(seed);
  if (noise === 'uniform-40') {
    for (const i of random.shuffle(clean.length).subarray(0, Math.round(0.4 * clean.length))) {
      given[i] = ((clean[i] as number) + 1 + random.integer(9)) % 10;
    }
  }
  if (noise === 'class-20') {
    const seen = new Int32Array(10);
    const counts = new Int32Array(10);
    for (const label of clean) counts[label]! += 1;
    for (const i of random.shuffle(clean.length)) {
      const label = clean[i] as number;
      if (seen[label]! < Math.round(0.2 * (counts[label] as number))) given[i] = LOOKALIKE[label] as number;
      seen[label]! += 1;
    }
  }
  return { given, wrong: wrongLabels(given, clean) };
}
