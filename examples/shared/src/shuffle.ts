import { seededRandom } from '@vogjs/base';
import { type HumanLabels, wrongLabels } from './human-labels.js';

/** Labels of which some were shuffled. */
export interface ShuffledLabels extends HumanLabels {
  /** 1 where the label took part in the shuffling, which leaves some as they were. */
  readonly shuffled: Uint8Array;
}

/**
 * Permutes the labels of a seeded share of the examples among themselves, as the paper's memorisation experiment does.
 * About one in `classes` of them gets the label it had.
 */
export function shuffleLabels(clean: Int32Array, share: number, seed: number): ShuffledLabels {
  const random = seededRandom(seed);
  const chosen = random.shuffle(clean.length).subarray(0, Math.round(clean.length * share));
  const order = random.shuffle(chosen.length);
  const given = clean.slice();
  const shuffled = new Uint8Array(clean.length);
  for (const [i, example] of chosen.entries()) {
    given[example] = clean[chosen[order[i] as number] as number] as number;
    shuffled[example] = 1;
  }
  return { given, wrong: wrongLabels(given, clean), shuffled };
}
