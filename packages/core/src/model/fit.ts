import { VogError } from '@vogjs/base';
import type { BoundModel } from './model.js';

/** Refuses inputs whose shapes the model does not take. */
export function checkInputShapes(mine: readonly (readonly number[])[], { inputShapes }: BoundModel): void {
  if (inputShapes === null) return;
  const fits =
    mine.length === inputShapes.length &&
    mine.every((shape, i) => {
      const expected = inputShapes[i] ?? [];
      return shape.length === expected.length && shape.every((n, axis) => (expected[axis] ?? n) === n);
    });
  if (fits) return;
  const show = (shapes: readonly (readonly (number | null)[])[]): string =>
    shapes.map((s) => `[N, ${s.map((n) => n ?? 'any').join(', ')}]`).join(' and ');
  throw new VogError(
    'INPUT_SHAPE',
    `The probe's inputs are ${show(mine)}; the model takes ${show(inputShapes)}. ${wayOut(mine, inputShapes)}`,
  );
}

/** PyTorch and TensorFlow.js have the channels at different ends, which is told where it is all that is wrong. */
function wayOut(
  [shape = []]: readonly (readonly number[])[],
  [expected = []]: readonly (readonly (number | null)[])[],
): string {
  const [first, ...rest] = shape;
  const isMoved =
    BEHIND[shape.length - 2] !== undefined &&
    shape.length === expected.length &&
    [...rest, first].every((n, axis) => (expected[axis] ?? n) === n);
  if (!isMoved) return 'Give inputs of that shape.';
  return `The channels are in front, as in PyTorch. Bring them behind: ${BEHIND[shape.length - 2] as string}.`;
}

/** For one, two and three axes of space. */
const BEHIND = ['np.transpose(x, (0, 2, 1))', 'np.transpose(x, (0, 2, 3, 1))', 'np.transpose(x, (0, 2, 3, 4, 1))'];

/**
 * The same model, held to the classes that the run began with: states of earlier checkpoints have no other.
 *
 * @param classes null when they are not known yet
 */
export function withClasses(bound: BoundModel, classes: number | null): BoundModel {
  if (classes === null) return bound;
  return {
    inputShapes: bound.inputShapes,
    // A function tells its task when it has run.
    get task() {
      return bound.task ?? null;
    },
    forward(inputs) {
      const pass = bound.forward(inputs);
      if (pass.logits.shape[1] === classes) return pass;
      throw new VogError(
        'MODEL_CHANGED',
        `The run began with a model of ${classes} classes, and this one gives ${pass.logits.shape[1]}. One tracker ` +
          'follows one model: make another tracker, or reset() this one before the other model.',
      );
    },
  };
}
