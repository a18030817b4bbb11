export type { CoreErrorCode } from '../error-codes.js';
import { checkArgument, checkOf, nearestName, record, shown, VogError } from '@vogjs/base';
import { anyOf, callable, declareOptions, fits, type InputOf, oneOf } from '@vogjs/base/options';
import * as tf from '@tensorflow/tfjs';
import { KERAS_EXTRAS, kerasNames } from './keras-names.js';
import { layoutHint, misfitInWords, type MissingWeight, shapeOf } from './mismatch.js';
import { type Slot, slotsOf } from './slots.js';
import { type StoredWeight, TORCH_COUNTERS, TORCH_LAYERS, torchWeight } from './torch-layout.js';
import { unwrappedNames } from './torch-wrappers.js';

/** A tensor of a checkpoint, as `readSafetensors` gives it: data in C order. */
export interface NamedTensor {
  readonly data: ArrayLike<number> | ArrayLike<bigint>;
  readonly shape: readonly number[];
}

const WHERE = 'loadNamedWeights';
const isNames = (value: unknown): boolean =>
  record.holds(value) && Object.values(value as object).every((name) => typeof name === 'string');

const options = declareOptions(WHERE, {
  layout: oneOf('tfjs', 'torch', 'keras').about(
    "Names and axes of the tensors: 'layer/kernel' as TensorFlow.js has them, a PyTorch state_dict's, or Keras's.",
  ),
  names: anyOf(
    fits<Readonly<Record<string, string>>>('an object from layer names to names in the checkpoint', isNames),
    callable<(layer: string) => string>(),
  )
    .optional('each layer has its own name')
    .about('What the checkpoint calls each layer, where that is not its name.'),
  ignore: fits<RegExp>('a regular expression', (value) => value instanceof RegExp)
    .optional('none may be left over')
    .about('Tensors that may be left over, by name.'),
});

/** What `loadNamedWeights` takes. */
export type NamedWeightsOptions = InputOf<typeof options.entries>;

/** `readSafetensors` gives metadata beside the tensors. */
const isWholeFile = (value: unknown): boolean => record.holds((value as { tensors?: unknown })?.tensors);
const namedTensors = checkOf(
  'an object of tensors by name: readSafetensors(bytes).tensors, or what readNpz gives',
  (value) => record.holds(value) && !isWholeFile(value),
);

const aModel = checkOf('a LayersModel', (value) => value instanceof tf.LayersModel);

/**
 * Gives a model the weights of a checkpoint, each by its name. All or none: a checkpoint that does not fit leaves the
 * model as it was.
 *
 * `layout: 'torch'` reads a PyTorch `state_dict`: name the model's layers as the modules are named (`prep.conv`), or say
 * so by `names`. Kernels are brought from out-in-space to space-in-out, weights of linear layers transposed, also in
 * the order of a flattened picture; running statistics become batch normalisation's moving ones. Counters of batches
 * are passed over, and so is what DataParallel (`module.`) and torch.compile (`_orig_mod.`) put into a name. What
 * weights do not say stays yours: batch normalisation's epsilon (1e-5 in PyTorch, 1e-3 here), padding, and the order of
 * layers.
 *
 * `layout: 'keras'` takes the paths of Keras 3 (`sequential/conv/kernel`) and the names of Keras 2 (`conv/kernel:0`), of
 * whatever model is around the layer. Axes are TensorFlow.js's own. States of random seeds are passed over.
 *
 * `layout: 'tfjs'` takes `layer/kernel`, `layer/bias` and their kin, as `weight.originalName` has them.
 *
 * ```ts
 * loadNamedWeights(model, readSafetensors(bytes).tensors, { layout: 'torch' });
 * ```
 *
 * @param tensors float tensors by name, as `readSafetensors` and `readNpz` give them; they are copied
 * @returns the name of the tensor that each weight was given, by `layer/weight`
 * @throws VogError WEIGHTS_MISMATCH: weights missing, left over or of another shape, all named, with the nearest name;
 *   a kind of layer whose PyTorch layout is not known. LAYER_UNKNOWN: a layer in `names` that the model does not have
 */
export function loadNamedWeights(
  model: tf.LayersModel,
  tensors: Readonly<Record<string, NamedTensor>>,
  given: NamedWeightsOptions = {},
): Record<string, string> {
  checkArgument(WHERE, 'model', model, aModel);
  checkArgument(WHERE, 'tensors', tensors, namedTensors);
  const { layout, names, ignore } = options.resolve(given);
  const slots = slotsOf(model);
  if (slots.length === 0) {
    throw new VogError('WEIGHTS_MISMATCH', `${WHERE}: the model has no weights yet. Give its first layer inputShape.`);
  }
  const nameOf = namesOf(slots, names);
  const ofKeras = layout === 'keras' ? kerasNames(Object.keys(tensors)) : null;
  const unwrapped = layout === 'torch' ? unwrappedNames(Object.keys(tensors)) : null;
  const wanted = slots.map((slot) => {
    const stored = layout === 'torch' ? storedByTorch(slot) : storedByTfjs(slot);
    const layer = nameOf(slot.layer.name);
    const separator = layout === 'torch' ? '.' : '/';
    const name = layer === '' ? stored.suffix : `${layer}${separator}${stored.suffix}`;
    const own = Object.hasOwn(tensors, name) ? name : (unwrapped?.get(name) ?? name);
    const found = ofKeras?.(layer, stored.suffix) ?? [own];
    if (found.length > 1) throw ambiguous(slot, found);
    return { slot, stored, name: found[0] ?? name };
  });
  refuseShared(wanted);

  const missing: MissingWeight[] = [];
  const wrong: string[] = [];
  for (const { slot, stored, name } of wanted) {
    const tensor = Object.hasOwn(tensors, name) ? tensors[name] : undefined;
    if (tensor === undefined) missing.push({ name, shape: stored.shape, weight: titleOf(slot) });
    else {
      const problem = problemOf(tensor, stored.shape);
      if (problem !== null) wrong.push(`${shown(name)} ${problem}, for ${titleOf(slot)}`);
    }
  }
  const taken = new Set(wanted.map(({ name }) => name));
  const passedOver = { torch: TORCH_COUNTERS, keras: KERAS_EXTRAS, tfjs: undefined }[layout];
  const left = Object.entries(tensors)
    .filter(([name]) => !taken.has(name) && !matches(passedOver, name) && !matches(ignore, name))
    .map(([name, tensor]) => ({ name, shape: Array.isArray(tensor?.shape) ? tensor.shape : [] }));
  const misfit = misfitInWords({ missing, wrong, left });
  if (misfit !== null) {
    throw new VogError(
      'WEIGHTS_MISMATCH',
      `${WHERE}: the checkpoint does not fit the model. ${misfit} Name the layers as the checkpoint does, or pass names; ` +
        `ignore lets tensors be left over.${layoutHint(layout, Object.keys(tensors))}`,
    );
  }

  tf.tidy(() => {
    for (const { slot, stored, name } of wanted) {
      const { data, shape } = tensors[name] as NamedTensor;
      // A copy: a backend may keep the array, and the file's bytes are the caller's.
      slot.weight.write(stored.convert(tf.tensor(Float32Array.from(data as ArrayLike<number>), [...shape], 'float32')));
    }
  });
  return Object.fromEntries(wanted.map(({ slot, name }) => [titleOf(slot), name]));
}

function namesOf(
  slots: readonly Slot[],
  names: Readonly<Record<string, string>> | ((layer: string) => string) | undefined,
): (layer: string) => string {
  if (names === undefined) return (layer) => layer;
  if (typeof names === 'function') {
    return (layer) => {
      const name: unknown = names(layer);
      if (typeof name === 'string') return name;
      throw new VogError('ARGUMENT_INVALID', `${WHERE}: names('${layer}') must give a string; got ${shown(name)}.`);
    };
  }
  const layers = [...new Set(slots.map(({ layer }) => layer.name))];
  for (const layer of Object.keys(names)) {
    if (layers.includes(layer)) continue;
    throw new VogError(
      'LAYER_UNKNOWN',
      `${WHERE}: names has ${shown(layer)}, which is not a layer with weights. Nearest: ${shown(nearestName(layer, layers))}.`,
    );
  }
  return (layer) => (Object.hasOwn(names, layer) ? (names[layer] as string) : layer);
}

function storedByTorch(slot: Slot): StoredWeight {
  const stored = torchWeight(slot);
  if (stored !== null) return stored;
  throw new VogError(
    'WEIGHTS_MISMATCH',
    `${WHERE}: layer '${slot.layer.name}' is a ${slot.layer.getClassName()}, whose PyTorch layout is not known here. ` +
      `Known: ${TORCH_LAYERS.join(', ')}. Convert its weights and use layout 'tfjs', or layer.setWeights.`,
  );
}

function storedByTfjs({ kind, weight }: Slot): StoredWeight {
  return { suffix: kind, shape: weight.shape, convert: (stored) => stored };
}

function ambiguous(slot: Slot, found: readonly string[]): VogError {
  return new VogError(
    'WEIGHTS_MISMATCH',
    `${WHERE}: ${titleOf(slot)} may be ${found.map((name) => shown(name)).join(' or ')}. Say which by names, with more of the path.`,
  );
}

/** One tensor for two weights would be a guess. */
function refuseShared(wanted: readonly { readonly slot: Slot; readonly name: string }[]): void {
  const takers = new Map<string, Slot>();
  for (const { slot, name } of wanted) {
    const other = takers.get(name);
    if (other !== undefined) {
      throw new VogError(
        'WEIGHTS_MISMATCH',
        `${WHERE}: ${titleOf(other)} and ${titleOf(slot)} of the model both want ${shown(name)}. Give their layers names of their own.`,
      );
    }
    takers.set(name, slot);
  }
}

function titleOf({ layer, kind }: Slot): string {
  return `${layer.name}/${kind}`;
}

/** What is wrong with a tensor, as its name goes on; null where it fits. */
function problemOf(tensor: NamedTensor | null, expected: readonly number[]): string | null {
  const { data, shape }: Partial<NamedTensor> = tensor ?? {};
  if (!Array.isArray(shape) || shapeOf(shape) !== shapeOf(expected)) {
    return `is ${Array.isArray(shape) ? shapeOf(shape) : shown(shape)}, expected ${shapeOf(expected)}`;
  }
  if (!isFloats(data)) return `holds ${shown(data)}, expected floats`;
  const count = expected.reduce((product, n) => product * n, 1);
  return data.length === count ? null : `has ${data.length} values, expected ${count}`;
}

function isFloats(data: unknown): data is ArrayLike<number> {
  if (data instanceof Float32Array || data instanceof Float64Array) return true;
  return Array.isArray(data) && data.every((value) => typeof value === 'number');
}

function matches(pattern: RegExp | undefined, name: string): boolean {
  // A pattern with the flag g remembers where it was.
  return pattern !== undefined && name.search(pattern) !== -1;
}
