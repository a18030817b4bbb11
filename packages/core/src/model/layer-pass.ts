import * as tf from '@tensorflow/tfjs';
import { asArray, computationOrder, inputsOf, mayMask, outputsOf, type Symbol } from './layer-graph.js';

/** What tfjs hands from layer to layer beside the values: `training`, and `mask` once a layer has given one. */
export type CallArguments = Record<string, unknown>;

/** What a head gives: logits, and features that only it can see, inside a model used as a layer. */
export type HeadValue = {
  readonly logits: tf.Tensor;
  readonly features: Record<string, tf.Tensor>;
};

/** The call of the graph that is made without its activation, and the calls behind it that only move or pass values. */
export interface Head {
  readonly at: Symbol;
  readonly passed: readonly Symbol[];
  call(values: tf.Tensor[], args: CallArguments): HeadValue;
  readonly description: string;
  /** The activation behind the logits; 'none' where there is none to speak of. */
  readonly activation: string;
}

/** Values of one pass. */
interface PassValues {
  valueOf(symbol: tf.SymbolicTensor): tf.Tensor;
  /** What the head gave; null where there is none. */
  readonly head: HeadValue | null;
}

/** Runs a model's layers on live weights; inside a `tf.tidy`. */
export type LayerPass = (inputs: readonly tf.Tensor[], args: CallArguments) => PassValues;

/**
 * Prepares a pass that computes `wanted` and the head, as tfjs itself would (executor.ts: `execute`), with its order and
 * its masks, so that every number is the one that `predict` and `evaluate` see. Nothing is added to the model's graph.
 */
export function layerPass(model: tf.LayersModel, wanted: readonly tf.SymbolicTensor[], head: Head | null): LayerPass {
  const fed = new Set<tf.SymbolicTensor>(model.inputs);
  const steps = stepsOf(model, wanted, head);
  const uses = new Map<Symbol, number>();
  for (const { symbol } of steps) {
    for (const input of new Set(inputsOf(symbol))) uses.set(input, (uses.get(input) ?? 0) + 1);
  }
  const isFinal = (symbol: Symbol): boolean => fed.has(symbol) || wanted.includes(symbol);

  return (inputs, args) => {
    const values = new Map<tf.SymbolicTensor, tf.Tensor>();
    const masks = new Map<Symbol, tf.Tensor | null>();
    const left = new Map(uses);
    let headValue: HeadValue | null = null;
    model.inputs.forEach((symbol, i) => values.set(symbol, asFed(inputs[i] as tf.Tensor, symbol)));
    const valueOf = (symbol: tf.SymbolicTensor): tf.Tensor => {
      const value = values.get(symbol);
      if (value === undefined) throw new Error(`unreachable: '${symbol.name}' has no value`);
      return value;
    };
    for (const { symbol, whole } of steps) {
      const given = inputsOf(symbol);
      const isPassed = head?.passed.includes(symbol) === true;
      const taken = whole || symbol === head?.at ? given.map(valueOf) : [];
      const masksGiven = given.map((input) => masks.get(input) ?? null);
      // As in tfjs: the first input's mask, and it stays for the layers after this one.
      if (masksGiven.some((mask) => mask !== null)) args['mask'] = masksGiven[0];
      const own = whole ? { ...args } : args;
      if (symbol === head?.at) headValue = apartFrom(taken, head.call(taken, own));
      else if (isPassed && headValue !== null) headValue = passedOn(headValue, symbol, own);
      if (whole && !values.has(symbol)) {
        const outputs = asArray(symbol.sourceLayer.apply(taken, args) as tf.Tensor | tf.Tensor[]);
        const mask = symbol.sourceLayer.supportsMasking
          ? (asArray(symbol.sourceLayer.computeMask(taken, masksGiven as tf.Tensor[]))[0] ?? null)
          : null;
        for (const [i, output] of outputsOf(symbol).entries()) {
          if (values.has(output)) continue;
          values.set(output, outputs[i] as tf.Tensor);
          masks.set(output, mask);
        }
      }
      for (const input of new Set(given)) {
        const remaining = (left.get(input) ?? 0) - 1;
        left.set(input, remaining);
        if (remaining === 0 && !isFinal(input)) free(values.get(input));
      }
    }
    return { valueOf, head: headValue };
  };
}

interface Step {
  readonly symbol: Symbol;
  /** Computed as the model has it; else only the head's way round. */
  readonly whole: boolean;
}

function stepsOf(model: tf.LayersModel, wanted: readonly tf.SymbolicTensor[], head: Head | null): Step[] {
  const order = computationOrder(model);
  const needed = new Set<tf.SymbolicTensor>(model.inputs);
  const need = (symbol: tf.SymbolicTensor): void => {
    if (needed.has(symbol)) return;
    needed.add(symbol);
    for (const input of inputsOf(symbol)) need(input);
  };
  for (const symbol of [...wanted, ...(head === null ? [] : inputsOf(head.at))]) need(symbol);
  const onHeadsWay = (symbol: Symbol): boolean => head !== null && (symbol === head.at || head.passed.includes(symbol));
  // What is not needed for its value may still be needed for the mask that it leaves to the layers after it.
  const last = order.findLastIndex((symbol) => needed.has(symbol) || symbol === head?.at);
  const masked = mayMask(model) ? new Set(order.slice(0, last)) : new Set<Symbol>();
  return order
    .map((symbol) => ({ symbol, whole: needed.has(symbol) || masked.has(symbol) }))
    .filter(({ symbol, whole }) => (whole && !isInputLayer(symbol)) || onHeadsWay(symbol));
}

function isInputLayer(symbol: Symbol): boolean {
  return symbol.sourceLayer.getClassName() === 'InputLayer';
}

function passedOn(value: HeadValue, { sourceLayer }: Symbol, args: CallArguments): HeadValue {
  return { ...value, logits: asArray(sourceLayer.call([value.logits], args))[0] as tf.Tensor };
}

/** A head may give what it took, which is freed once no layer takes it. */
function apartFrom(taken: readonly tf.Tensor[], { logits, features }: HeadValue): HeadValue {
  const apart = (value: tf.Tensor): tf.Tensor => (taken.includes(value) ? tf.clone(value) : value);
  return {
    logits: apart(logits),
    features: Object.fromEntries(Object.entries(features).map(([name, value]) => [name, apart(value)])),
  };
}

/** tfjs casts what is fed to the type that the input layer declares. */
function asFed(value: tf.Tensor, symbol: tf.SymbolicTensor): tf.Tensor {
  const dtype = symbol.dtype as tf.DataType | null | undefined;
  return !dtype || dtype === value.dtype ? value : tf.cast(value, dtype);
}

/** Frees what no later layer takes; never what a layer keeps. */
function free(value: tf.Tensor | undefined): void {
  if (value === undefined || value.isDisposed || value.kept || value instanceof tf.Variable) return;
  value.dispose();
}
