// Inputs that hurt, beside normal ones: random data never ties, never pads and never saturates.
import type { SeededRandom } from '@vogjs/base';
import type { InputSpec } from './network.js';

export const inputKinds = ['normal', 'constant', 'zero', 'padded', 'saturated', 'huge', 'tied'] as const;
export type InputKind = (typeof inputKinds)[number];

const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
/** Parts of 1024, which float32 holds exactly: both precisions see the same input. */
const grid = (value: number): number => Math.round(value * 1024) / 1024;

/** One example, row-major. Of token ids, 0 is the padding. */
export function exampleOf(spec: InputSpec, kind: InputKind, random: SeededRandom): number[] {
  const size = product(spec.shape);
  const steps = spec.shape[0]!;
  const width = size / steps;
  const padded = steps - 1 - random.integer(Math.max(1, steps - 1));
  const isPadding = (i: number): boolean => kind === 'padded' && Math.floor(i / width) > padded;
  if (spec.dtype === 'int32') {
    const word = 1 + random.integer(VOCABULARY - 1);
    return Array.from({ length: size }, (_, i) => {
      if (kind === 'zero' || isPadding(i)) return 0;
      return kind === 'constant' ? word : 1 + random.integer(VOCABULARY - 1);
    });
  }
  const constant = grid(random.normal());
  return Array.from({ length: size }, (_, i) => {
    const normal = grid(random.normal());
    if (isPadding(i) || kind === 'zero') return 0;
    if (kind === 'constant') return constant;
    if (kind === 'saturated') return normal * 20;
    if (kind === 'huge') return normal * 300;
    return kind === 'tied' ? Math.max(-1, Math.min(1, Math.round(normal))) : normal;
  });
}

/** Number of token ids, the padding among them. */
export const VOCABULARY = 6;
