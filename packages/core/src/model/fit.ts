import { VogError } from '@vogjs/base';
import type { BoundModel } from './model.js';

type Shapes = readonly (readonly (number | null)[])[];

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
  const show = (shapes: Shapes): string =>
    shapes.map((s) => `[N, ${s.map((n) => n ?? 'any').join(', ')}]`).join(' and ');
  throw new VogError(
    'INPUT_SHAPE',
    `The probe's inputs are ${show(mine)}; the model takes ${show(inputShapes)}. ${wayOut(mine, inputShapes)}`,
  );
}

/** PyTorch and TensorFlow.js have the channels at different ends, which is told where it is all that is wrong. */
function wayOut([shape = []]: Shapes, [expected]: Shapes): string {
  const behind = [...shape.slice(1), shape[0]];
  return behind.length > 1 && String(behind) === String(expected)
    ? 'PyTorch has channels in front: np.moveaxis(x, 1, -1).'
    : 'Give inputs of that shape.';
}

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
