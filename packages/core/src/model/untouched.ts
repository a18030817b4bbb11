import * as tf from '@tensorflow/tfjs';
import { LayerSnapshot, nextTensorId } from './layer-snapshot.js';

/** The parts of a recurrent layer that its type declarations hide. */
interface Recurrent {
  readonly cell: Cell;
  _stateful: boolean;
}

interface Cell {
  readonly cells?: readonly Cell[];
  dropoutMask?: DropoutMask;
  recurrentDropoutMask?: DropoutMask;
}

type DropoutMask = tf.Tensor | tf.Tensor[] | null;

type Apply = (this: tf.layers.Layer, ...given: unknown[]) => unknown;
type Call = (this: Recurrent, ...given: unknown[]) => unknown;
type Assign = (this: tf.Variable, value: tf.Tensor) => void;

/**
 * Runs one synchronous forward pass that leaves the model as training left it.
 *
 * - A stateful recurrent layer starts every example from zero and keeps its own state.
 * - A variable that is assigned to gets its value back.
 * - Fields of layers, random seeds and counters among them, are put back; so are arrays, maps and plain objects in them.
 *
 * What a layer hides in a closure or a private field (`#count`) cannot be seen.
 *
 * @param layers the layers of the model; null for a function, whose layers are met as it applies them
 */
export function leavingUntouched<T>(layers: readonly tf.layers.Layer[] | null, run: () => T): T {
  const snapshot = new LayerSnapshot(layers ?? []);
  const pass = (): T => withVariablesPutBack(() => withStatelessRecurrence(run));
  try {
    return layers === null ? withLayersMet(snapshot, pass) : pass();
  } finally {
    snapshot.restore();
  }
}

/** Takes every layer into the snapshot before it is first applied. */
function withLayersMet<T>(snapshot: LayerSnapshot, run: () => T): T {
  const prototype = tf.layers.Layer.prototype as unknown as { apply: Apply };
  const original = prototype.apply;
  prototype.apply = function (...given) {
    snapshot.add(this);
    return original.apply(this, given);
  };
  try {
    return run();
  } finally {
    prototype.apply = original;
  }
}

/**
 * A stateful layer would carry the last batch over to the probe and the probe over to the next batch. Patched on the
 * class, because wrappers, cells of layers and functions call it too.
 */
function withStatelessRecurrence<T>(run: () => T): T {
  const prototype = tf.RNN.prototype as unknown as { call: Call };
  const original = prototype.call;
  prototype.call = function (...given) {
    const wasStateful = this._stateful;
    const cells = cellsOf(this.cell);
    const masks = cells.map(({ dropoutMask, recurrentDropoutMask }) => ({ dropoutMask, recurrentDropoutMask }));
    this._stateful = false;
    // tf.layers.rnn never forgets the first dropout masks of its cell: those of a pass must not become training's.
    for (const cell of cells) clearMasks(cell);
    try {
      return original.apply(this, given);
    } finally {
      this._stateful = wasStateful;
      cells.forEach((cell, i) => {
        tf.dispose([cell.dropoutMask ?? [], cell.recurrentDropoutMask ?? []]);
        Object.assign(cell, masks[i]);
      });
    }
  };
  try {
    return run();
  } finally {
    prototype.call = original;
  }
}

function cellsOf(cell: Cell): Cell[] {
  const all = [cell, ...(cell.cells ?? [])];
  return all.filter((one) => 'dropoutMask' in one || 'recurrentDropoutMask' in one);
}

function clearMasks(cell: Cell): void {
  cell.dropoutMask = null;
  cell.recurrentDropoutMask = null;
}

/** A layer or function that updates a variable as it is called moves it for training as well: its value is put back. */
function withVariablesPutBack<T>(run: () => T): T {
  const prototype = tf.Variable.prototype as unknown as { assign: Assign };
  const original = prototype.assign;
  const before = nextTensorId();
  const values = new Map<tf.Variable, tf.Tensor>();
  prototype.assign = function (value) {
    if (this.id < before && !values.has(this)) values.set(this, tf.keep(tf.clone(this as tf.Tensor)));
    original.call(this, value);
  };
  try {
    return run();
  } finally {
    prototype.assign = original;
    for (const [variable, value] of values) {
      if (!variable.isDisposed) original.call(variable, value);
      value.dispose();
    }
  }
}
