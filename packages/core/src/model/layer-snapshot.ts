import * as tf from '@tensorflow/tfjs';

type Fields = Record<string, unknown>;

/** Fields that hold the graph around a layer, which no call of the layer changes. */
const GRAPH = new Set(['inboundNodes', 'outboundNodes']);
/** Nothing that a layer counts or draws lies deeper. */
const DEPTH = 5;
/** A longer typed array is a table, not a state. */
const LONGEST = 65_536;

/** What the fields of some layers hold, to be put back after a pass. */
export class LayerSnapshot {
  private readonly seen = new Set<object>();
  private readonly undo: (() => void)[] = [];
  /** Tensors with an id from here on were made after the snapshot. */
  private readonly firstNew = nextTensorId();

  constructor(layers: readonly tf.layers.Layer[]) {
    for (const layer of layers) this.add(layer);
  }

  /** Takes a layer in, as it is now; one that is in already stays as it was. */
  add(layer: tf.layers.Layer): void {
    this.visit(layer, 0);
  }

  restore(): void {
    for (const put of this.undo.reverse()) put();
  }

  private visit(value: unknown, depth: number): void {
    if (typeof value !== 'object' || value === null || depth > DEPTH || this.seen.has(value) || isFixed(value)) return;
    this.seen.add(value);
    if (value instanceof tf.LayersModel) for (const layer of value.layers) this.visit(layer, 0);
    else if (value instanceof tf.layers.Layer) this.visitLayer(value);
    else if (value instanceof Map) this.visitMap(value as Map<unknown, unknown>, depth);
    else if (value instanceof Set) this.visitSet(value as Set<unknown>);
    else if (ArrayBuffer.isView(value)) this.visitView(value);
    else this.visitFields(value as Fields, depth);
  }

  private visitLayer(layer: tf.layers.Layer): void {
    if (isStateless(layer)) {
      const { inputSpec } = layer;
      if (this.freeBatchAxis(layer)) this.undo.push(() => void (layer.inputSpec = inputSpec));
      return;
    }
    const { built } = layer;
    // Weights that the first call of a layer builds stay: training's first call would have built them.
    this.visitFields(layer as unknown as Fields, 0, () => !built && layer.built);
    this.freeBatchAxis(layer);
  }

  /** A fixed batch size, as stateful layers need it in training, binds no pass over independent examples. */
  private freeBatchAxis(layer: tf.layers.Layer): boolean {
    const { inputSpec } = layer;
    if (!Array.isArray(inputSpec) || !inputSpec.some((spec) => typeof spec?.shape?.[0] === 'number')) return false;
    layer.inputSpec = inputSpec.map((spec) => {
      const shape = spec?.shape;
      return !shape ? spec : { ...spec, shape: [null, ...shape.slice(1)] };
    }) as tf.layers.Layer['inputSpec'];
    return true;
  }

  private visitFields(fields: Fields, depth: number, stays = (): boolean => false): void {
    const before = Object.entries(fields).filter(([key]) => !GRAPH.has(key));
    const known = new Set(before.map(([key]) => key));
    const copies = before.map(([, value]) => copyOfTensor(value));
    const length = Array.isArray(fields) ? fields.length : null;
    for (const [, value] of before) this.visit(value, depth + 1);
    this.undo.push(() => {
      if (stays()) {
        tf.dispose(copies.filter((copy) => copy !== null));
        return;
      }
      for (const [key, value] of Object.entries(fields)) {
        if (known.has(key) || GRAPH.has(key)) continue;
        this.disposeNew(value);
        Reflect.deleteProperty(fields, key);
      }
      if (length !== null) (fields as unknown as unknown[]).length = length;
      before.forEach(([key, value], i) => {
        const now = fields[key];
        const restored = resurrected(value, copies[i] ?? null);
        if (now === restored) return;
        this.disposeNew(now);
        Reflect.set(fields, key, restored);
      });
    });
  }

  private visitMap(map: Map<unknown, unknown>, depth: number): void {
    const before = [...map].map(([key, value]) => ({ key, value, copy: copyOfTensor(value) }));
    for (const { value } of before) this.visit(value, depth + 1);
    this.undo.push(() => {
      const entries = before.map(({ key, value, copy }) => [key, resurrected(value, copy)] as const);
      const kept = new Set(entries.map(([, value]) => value));
      for (const value of map.values()) if (!kept.has(value)) this.disposeNew(value);
      map.clear();
      for (const [key, value] of entries) map.set(key, value);
    });
  }

  private visitSet(set: Set<unknown>): void {
    const before = [...set];
    this.undo.push(() => {
      for (const value of set) if (!before.includes(value)) this.disposeNew(value);
      set.clear();
      for (const value of before) set.add(value);
    });
  }

  private visitView(view: ArrayBufferView): void {
    if (view instanceof DataView || view.byteLength > LONGEST) return;
    const typed = view as unknown as { slice(): unknown; set(values: unknown): void };
    const values = typed.slice();
    this.undo.push(() => typed.set(values));
  }

  /** What a layer made and kept for the state that is thrown away. What it did not keep, the pass's tidy frees. */
  private disposeNew(value: unknown): void {
    if (Array.isArray(value)) for (const item of value) this.disposeNew(item);
    else if (isPlainTensor(value) && value.id >= this.firstNew && value.kept && !value.isDisposed) value.dispose();
  }
}

/** Layers of tfjs whose call changes no field: most of most networks, and looking through them would cost more than they. */
const STATELESS = new Set([
  'Activation',
  'Add',
  'AveragePooling1D',
  'AveragePooling2D',
  'BatchNormalization',
  'Concatenate',
  'Conv1D',
  'Conv2D',
  'Dense',
  'DepthwiseConv2D',
  'Dropout',
  'Embedding',
  'Flatten',
  'GlobalAveragePooling1D',
  'GlobalAveragePooling2D',
  'GlobalMaxPooling1D',
  'GlobalMaxPooling2D',
  'InputLayer',
  'LayerNormalization',
  'LeakyReLU',
  'MaxPooling1D',
  'MaxPooling2D',
  'Multiply',
  'ReLU',
  'Reshape',
  'SeparableConv2D',
  'Softmax',
  'ZeroPadding2D',
]);

/** Told by the class that tfjs registered under the name: a person's own class, or a patched call, is looked through. */
function isStateless(layer: tf.layers.Layer): boolean {
  const name = layer.getClassName();
  if (!STATELESS.has(name) || Object.hasOwn(layer, 'call')) return false;
  const [registered] = tf.serialization.SerializationMap.getMap().classNameMap[name] ?? [];
  return registered === layer.constructor;
}

/** The id after those of all tensors that there are. */
export function nextTensorId(): number {
  return (tf.engine() as unknown as { nextTensorId(): number }).nextTensorId();
}

/** Objects that a call does not change, or whose change is put back elsewhere. */
function isFixed(value: object): boolean {
  return (
    value instanceof tf.Tensor ||
    value instanceof tf.SymbolicTensor ||
    value instanceof Promise ||
    (value as { val?: unknown }).val instanceof tf.Variable
  );
}

function isPlainTensor(value: unknown): value is tf.Tensor {
  return value instanceof tf.Tensor && !(value instanceof tf.Variable);
}

/** A second handle on a tensor's values, in case the layer disposes the first. */
function copyOfTensor(value: unknown): tf.Tensor | null {
  return isPlainTensor(value) && !value.isDisposed ? tf.keep(tf.clone(value)) : null;
}

function resurrected(value: unknown, copy: tf.Tensor | null): unknown {
  if (copy === null) return value;
  if ((value as tf.Tensor).isDisposed) return copy;
  copy.dispose();
  return value;
}
