import * as tf from '@tensorflow/tfjs';
import { metricHooks } from '../run/metric-hooks.js';
import { tapeGradientEngine } from '../gradients/input-gradient.js';
import type { Metric } from '../metrics/metric.js';
import { modelAdapter } from '../model/adapter.js';
import type { Consumer } from '../pass/consumer.js';
import { passOver } from '../pass/pass-over.js';
import { needsOf } from '../resources/needs.js';
import type { ResourceValue } from '../resources/resource.js';
import type { Law, LawBroken } from './metric-laws.js';
import { CHECKPOINTS, type MetricSubject } from './metric-subject.js';
import { clonesOf, copiesOf, differenceOf, type TensorRecord } from './tensor-copies.js';

/** Calls of a metric's hooks, each checked for purity and leaks. */
class CheckedHooks {
  constructor(
    private readonly metric: Metric,
    private readonly subject: MetricSubject,
    private readonly broken: LawBroken,
  ) {}

  init(): Promise<TensorRecord> {
    const { size, inputShapes, classes } = this.subject;
    const context = { size, inputShapes, inputShape: inputShapes[0] ?? [], classes };
    return this.twice('init', {}, () => metricHooks.init(this.metric, context, 0));
  }

  update(state: TensorRecord, resources: Resources, index: number, checkpoints: number): Promise<TensorRecord> {
    const context = { checkpoints, position: this.subject.position(index), size: this.subject.size };
    const given = { ...prefixed('state', state), ...tensorsOf(resources) };
    // A record of its own each time: a field that a hook adds or replaces is its own doing and harms nobody.
    const call = () => metricHooks.update(this.metric, { ...state }, { ...resources }, context, index);
    return this.twice('update', given, call);
  }

  merge(a: TensorRecord, b: TensorRecord): Promise<TensorRecord> {
    const given = { ...prefixed('a', a), ...prefixed('b', b) };
    return this.twice('merge', given, () => metricHooks.merge(this.metric, { ...a }, { ...b }, CHECKPOINTS));
  }

  compute(state: TensorRecord, checkpoints: number): Promise<TensorRecord> {
    const context = { checkpoints, size: this.subject.size };
    const call = () => metricHooks.compute(this.metric, { ...state }, context, checkpoints);
    return this.twice('compute', prefixed('state', state), call);
  }

  /** Calls a hook twice on the same and compares: the results, and what it was given before and after. */
  private async twice(hook: string, given: TensorRecord, call: () => TensorRecord): Promise<TensorRecord> {
    const before = await copiesOf(given);
    const first = this.once(hook, given, call);
    const second = this.once(hook, given, call);
    const changed = differenceOf(before, await copiesOf(given), 0);
    if (changed !== null) throw this.broken('purity', `${hook} changed what it was given: ${changed}.`);
    const different = differenceOf(await copiesOf(first), await copiesOf(second), 0);
    tf.dispose(second);
    if (different !== null) {
      throw this.broken('purity', `${hook} gave different results for the same arguments: ${different}.`);
    }
    return first;
  }

  private once(hook: string, given: TensorRecord, call: () => TensorRecord): TensorRecord {
    const before = tf.memory().numTensors;
    try {
      const result = tf.tidy(() => clonesOf(call()));
      this.refuseDisposed(hook, given);
      const left = tf.memory().numTensors - before - Object.keys(result).length;
      if (left !== 0) {
        throw this.broken(
          'no leak',
          `${hook} kept ${left} tensors beside what it returned: no tf.keep, no tf.variable.`,
        );
      }
      return result;
    } catch (error) {
      // What fails on a tensor that the hook itself disposed is a breach of purity.
      this.refuseDisposed(hook, given);
      throw error;
    }
  }

  private refuseDisposed(hook: string, given: TensorRecord): void {
    const gone = Object.keys(given).find((name) => given[name]?.isDisposed);
    if (gone !== undefined) {
      throw this.broken('purity', `${hook} disposed ${gone}, which it was given. The engine owns state and resources.`);
    }
  }
}

type Resources = Readonly<Record<string, ResourceValue>>;

/**
 * Checks a metric as a fold over checkpoints, the whole probe in one chunk: direction, purity, no leak, and the merge
 * law where there is a merge. Returns the laws that hold.
 */
export async function checkFold(
  metric: Metric,
  subject: MetricSubject,
  tolerance: number,
  broken: LawBroken,
): Promise<Law[]> {
  const hooks = new CheckedHooks(metric, subject, broken);
  const owned: TensorRecord[] = [];
  const own = async (record: Promise<TensorRecord>): Promise<TensorRecord> => {
    owned.push(await record);
    return record;
  };
  const checkpoints: Resources[] = [];
  try {
    for (let index = 0; index < CHECKPOINTS; index++) checkpoints.push(await resourcesAt(metric, subject, index));
    /** State of the stretch of checkpoints from `from` to before `to`. */
    const stretch = async (from: number, to: number): Promise<TensorRecord> => {
      let state = await own(hooks.init());
      for (const [i, resources] of checkpoints.slice(from, to).entries()) {
        state = await own(hooks.update(state, resources, from + i, i));
      }
      return state;
    };
    // Before any checkpoint scores may be asked as well.
    await own(hooks.compute(await stretch(0, 0), 0));
    const sequential = await stretch(0, CHECKPOINTS);
    const scores = await own(hooks.compute(sequential, CHECKPOINTS));
    checkDirections(metric, Object.keys(scores), broken);
    if (metric.merge === undefined) return ['direction', 'purity', 'no leak'];

    const expected = await copiesOf(scores);
    const compare = async (merged: TensorRecord, how: string): Promise<void> => {
      const kinds = kindsOf(merged);
      if (kinds !== kindsOf(sequential)) {
        throw broken('merge', `a merged state is ${kinds}; an updated one is ${kindsOf(sequential)}.`);
      }
      const found = await copiesOf(await own(hooks.compute(merged, CHECKPOINTS)));
      const difference = differenceOf(expected, found, tolerance);
      if (difference !== null) throw broken('merge', `in sequence and ${how}, column ${difference}.`);
    };
    for (let cut = 1; cut < CHECKPOINTS; cut++) {
      const merged = await own(hooks.merge(await stretch(0, cut), await stretch(cut, CHECKPOINTS)));
      await compare(merged, `merged from checkpoints 0 to ${cut - 1} and ${cut} to ${CHECKPOINTS - 1}`);
    }
    const [a, b, c] = [await stretch(0, 1), await stretch(1, 3), await stretch(3, CHECKPOINTS)];
    await compare(await own(hooks.merge(await own(hooks.merge(a, b)), c)), 'merged as (a, b), c');
    await compare(await own(hooks.merge(a, await own(hooks.merge(b, c)))), 'merged as a, (b, c)');
    return ['direction', 'purity', 'no leak', 'merge'];
  } finally {
    tf.dispose(owned);
    tf.dispose(checkpoints.map(tensorsOf));
  }
}

async function resourcesAt(metric: Metric, subject: MetricSubject, index: number): Promise<Resources> {
  subject.moveTo(index);
  const { inputs, labels, size } = subject;
  const { requires } = metric;
  const bound = modelAdapter.bind(subject.model, {}, needsOf([requires]).features);
  const keep = (tensor: tf.Tensor): tf.Tensor => tf.keep(tf.clone(tensor));
  let kept: Resources = {};
  const keeping: Consumer = {
    requires,
    visit: (values) => {
      const pairs = Object.entries(values).map(([name, value]) => [
        name,
        value instanceof tf.Tensor ? keep(value) : value.map(keep),
      ]);
      kept = Object.fromEntries(pairs) as Resources;
    },
  };
  const examples = {
    size,
    chunks: [{ index: 0, start: 0, size }],
    read: async () => inputs.map((input) => tf.clone(input)),
    given: () => ({ labels, rows: null }),
  };
  await passOver(bound, examples, [keeping], { gradientEngine: tapeGradientEngine });
  return kept;
}

function checkDirections({ name, hardDirection }: Metric, columns: readonly string[], broken: LawBroken): void {
  const declared = typeof hardDirection === 'object' && hardDirection !== null ? hardDirection : null;
  const directions: Readonly<Record<string, unknown>> = declared ?? { [name]: hardDirection };
  const known = declared === null ? [name] : columns;
  for (const column of known) {
    const direction = directions[column];
    if (direction === 'high' || direction === 'low') continue;
    const found = direction === undefined ? 'nothing' : JSON.stringify(direction);
    throw broken('direction', `hardDirection says ${found} for '${column}'; say which end is hard, 'high' or 'low'.`);
  }
  const absent = Object.keys(directions).find((column) => declared !== null && !columns.includes(column));
  if (absent !== undefined) {
    throw broken('direction', `hardDirection names '${absent}', and the columns are: ${columns.join(', ')}.`);
  }
}

function tensorsOf(resources: Resources): TensorRecord {
  const entries = Object.entries(resources).flatMap(([name, value]) =>
    value instanceof tf.Tensor
      ? [[`resources.${name}`, value] as const]
      : value.map((tensor, i) => [`resources.${name}[${i}]`, tensor] as const),
  );
  return Object.fromEntries(entries);
}

function prefixed(prefix: string, tensors: TensorRecord): TensorRecord {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [`${prefix}.${name}`, tensor]));
}

/** Names, types and shapes of a state. */
function kindsOf(state: TensorRecord): string {
  const kinds = Object.entries(state).map(([name, { dtype, shape }]) => `${name}: ${dtype} [${shape.join(', ')}]`);
  return `{ ${kinds.toSorted().join('; ')} }`;
}
