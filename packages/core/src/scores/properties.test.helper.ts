import type { SeededRandom } from '@vogjs/base';
import { Scores } from './scores.js';
import type { ScoresInit } from './facts.js';

/** Scores of these values, with ids 0, 1, ... and the rest as a small VoG run has it. */
export function scoresOf(values: Float32Array | readonly number[], more: Partial<ScoresInit> = {}): Scores {
  return new Scores({
    metric: 'vog',
    column: 'vog',
    window: 'complete',
    hardDirection: 'high',
    checkpoints: 5,
    values: Float32Array.from(values),
    ids: Array.from(values, (_, index) => index),
    labels: null,
    ...more,
  });
}

/** Random scores with many ties, NaN, infinities and both zeros, in either direction, with labels and names. */
export function randomScores(random: SeededRandom): Scores {
  const size = 1 + random.integer(40);
  const special = [Number.NaN, Infinity, -Infinity, 0, -0];
  const values = Float32Array.from({ length: size }, () => {
    const kind = random.uniform();
    if (kind < 0.15) return special[random.integer(special.length)]!;
    return kind < 0.5 ? random.integer(5) : random.normal();
  });
  return scoresOf(values, {
    hardDirection: random.uniform() < 0.5 ? 'high' : 'low',
    labels: Int32Array.from({ length: size }, () => random.integer(4)),
    classNames: ['cat', 'dog, small', 'the "fox"', 'owl\nbarn'],
  });
}
