// Everything that can be known to be wrong is refused before training: a coded error, weights as they were.
import * as tf from '@tensorflow/tfjs';
import { fitCallback, trackDifficulty } from '@vogjs/callback';
import {
  atFractions,
  createTracker,
  defineMetric,
  defineResource,
  during,
  type ErrorCode,
  everyEpoch,
  features,
  inputGradient,
  loss,
  type Metric,
  scheduled,
  stages,
  type TrackerOptions,
} from '@vogjs/core';
import { vog } from '@vogjs/metrics';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { normals, normalTensor, randomOf } from '@vogjs/testing';
import { useBackend } from '../support/backend.js';
import { codedError } from '../support/errors.js';
import { meanLoss } from '../support/metrics.js';
import { CLASSES, compile, oneHotRows, smallDense, weightsOf } from '../support/models.js';
import { integers } from '../support/random.js';

const test = suite('bad input');
test.before(() => useBackend());

const SIZE = 6;
const random = randomOf(1);
const data = normals(random, SIZE * 4);
const shape = [SIZE, 4];
const labels = integers(random, SIZE, CLASSES);
const good = (): TrackerOptions => ({ inputs: { data, shape }, labels, metrics: [vog(), meanLoss()] });
const withNaN = (): Float32Array => data.map((x, i) => (i === 13 ? Number.NaN : x));
const featureNorm = (layer: string): Metric =>
  defineMetric({
    name: 'norm',
    hardDirection: 'high',
    requires: { h: features(layer) },
    init: ({ size }) => ({ sum: tf.zeros([size]) }),
    update: ({ sum }, { h }) => ({ sum: tf.add(sum, tf.sum(h, 1)) }),
    compute: ({ sum }) => sum,
  });
const { merge: _, ...mergeless } = meanLoss();

/** Refused by `createTracker`, or when fit begins: either way no weight has moved. */
async function refusedBeforeTraining(
  options: object,
  code: ErrorCode,
  part: RegExp,
  model = smallDense(random),
): Promise<void> {
  const before = await weightsOf(model);
  const tensors = tf.memory().numTensors;
  const [xs, ys] = [normalTensor(random, [8, 4]), oneHotRows(integers(random, 8, CLASSES))];
  await codedError(
    async () => {
      const tracker = createTracker({ ...good(), ...options });
      try {
        await model.fit(xs, ys, { epochs: 2, verbose: 0, callbacks: [fitCallback(tracker)] });
      } finally {
        tracker.dispose();
      }
    },
    code,
    part,
  );
  assert.equal(await weightsOf(model), before, 'the model has trained');
  tf.dispose([xs, ys]);
  assert.is(tf.memory().numTensors, tensors, 'tensors were left behind');
  model.dispose();
}

const oneHot = (change: (rows: Float32Array) => void) => {
  const rows = new Float32Array(SIZE * CLASSES);
  for (const [i, label] of labels.entries()) rows[i * CLASSES + label] = 1;
  change(rows);
  return { data: rows, shape: [SIZE, CLASSES] };
};

const cases: [string, () => object, ErrorCode, RegExp][] = [
  [
    'a label above the classes',
    () => ({ labels: [0, 1, 2, 3, 0, 1] }),
    'LABEL_INVALID',
    /Label 3 of example 3 .* 3 classes/,
  ],
  ['a negative label', () => ({ labels: [0, 1, 2, -1, 0, 1] }), 'LABEL_INVALID', /Label -1 of example 3/],
  ['a fractional label', () => ({ labels: [0, 1, 2, 0.5, 0, 1] }), 'LABEL_INVALID', /Label 0.5 of example 3/],
  ['a NaN label', () => ({ labels: [0, 1, 2, Number.NaN, 0, 1] }), 'LABEL_INVALID', /Label NaN of example 3/],
  [
    'a label above the class names',
    () => ({ classNames: ['a', 'b'], labels: [0, 1, 2, 0, 0, 1] }),
    'LABEL_INVALID',
    /2 classes/,
  ],
  ['labels as a word', () => ({ labels: 'cat' }), 'LABEL_INVALID', /array/],
  ['labels null', () => ({ labels: null }), 'LABEL_INVALID', /Leave them out/],
  ['labels as a number', () => ({ labels: 5 }), 'LABEL_INVALID', /array/],
  ['too few labels', () => ({ labels: [0, 1, 2] }), 'INPUT_SHAPE', /\[3\].*6 examples/],
  [
    'labels of three axes',
    () => ({ labels: { data: new Float32Array(18), shape: [6, 3, 1] } }),
    'INPUT_SHAPE',
    /\[6, 3, 1\]/,
  ],
  [
    'one-hot with two ones',
    () => ({ labels: oneHot((rows) => rows.fill(1, 3, 6)) }),
    'LABEL_INVALID',
    /one-hot.*row 1/,
  ],
  [
    'one-hot with a row of zeros',
    () => ({ labels: oneHot((rows) => rows.fill(0, 3, 6)) }),
    'LABEL_INVALID',
    /row 1 is all zeros/,
  ],
  ['smoothed targets', () => ({ labels: oneHot((rows) => rows.fill(0.9, 0, 1)) }), 'LABEL_INVALID', /one-hot/],
  ['no labels, and a metric that needs them', () => ({ labels: undefined }), 'LABEL_INVALID', /'vog' needs labels/],
  [
    'fixed labels of another length',
    () => ({ metrics: [vog({ label: new Int32Array(5) })] }),
    'INPUT_SHAPE',
    /5 labels.*6 examples/,
  ],
  [
    'fixed labels out of range',
    () => ({ metrics: [vog({ label: new Int32Array(6).fill(3) })] }),
    'LABEL_INVALID',
    /Label 3/,
  ],
  [
    'negative fixed labels',
    () => ({ metrics: [vog({ label: new Int32Array(6).fill(-1) })] }),
    'LABEL_INVALID',
    /Label -1/,
  ],

  [
    'inputs of another shape than the model',
    () => ({ inputs: { data: data.subarray(0, 18), shape: [6, 3] } }),
    'INPUT_SHAPE',
    /\[N, 3\].*\[N, 4\]/,
  ],
  ['inputs of another rank', () => ({ inputs: { data, shape: [6, 2, 2] } }), 'INPUT_SHAPE', /\[N, 2, 2\].*\[N, 4\]/],
  [
    'two inputs for a model of one',
    () => ({
      inputs: [
        { data, shape },
        { data, shape },
      ],
    }),
    'INPUT_SHAPE',
    /and/,
  ],
  [
    'inputs that disagree on the size',
    () => ({
      inputs: [
        { data, shape },
        { data, shape: [12, 2] },
      ],
    }),
    'INPUT_SHAPE',
    /6 and 12/,
  ],
  ['an array shorter than its shape', () => ({ inputs: { data, shape: [7, 4] } }), 'INPUT_SHAPE', /28 values.*24/],
  ['NaN in an array', () => ({ inputs: { data: withNaN(), shape } }), 'INPUT_NOT_FINITE', /NaN at example 3/],
  [
    'infinity in an array',
    () => ({ inputs: { data: data.map((x, i) => (i === 4 ? -1 / 0 : x)), shape } }),
    'INPUT_NOT_FINITE',
    /-Infinity at example 1/,
  ],
  [
    'a number that float32 cannot hold',
    () => ({ inputs: { data: Array.from(data, (x, i) => (i === 0 ? 1e39 : x)), shape } }),
    'INPUT_NOT_FINITE',
    /example 0/,
  ],
  [
    'an empty array',
    () => ({ inputs: { data: [], shape: [0, 4] }, labels: [] }),
    'PROBE_EMPTY',
    /at least one example/,
  ],
  ['an empty axis', () => ({ inputs: { data: [], shape: [6, 0] } }), 'PROBE_EMPTY', /empty axis/],
  ['an empty list of inputs', () => ({ inputs: [] }), 'PROBE_EMPTY', /empty list/],
  [
    'an empty chunk source',
    () => ({ inputs: { size: 0, shape: [4], read: () => [] } }),
    'PROBE_EMPTY',
    /at least one example/,
  ],
  ['inputs as nested arrays', () => ({ inputs: [[1, 2, 3, 4]] }), 'ARGUMENT_INVALID', /tensor, \{ data, shape \}/],
  ['no inputs', () => ({ inputs: undefined }), 'ARGUMENT_INVALID', /inputs must be/],
  ['duplicate ids', () => ({ ids: ['a', 'b', 'c', 'b', 'e', 'f'] }), 'IDS_DUPLICATE', /1 and 3 share the id 'b'/],
  ['ids that read the same', () => ({ ids: [1, 2, 3, '1', 5, 6] }), 'IDS_DUPLICATE', /0 and 3/],
  ['too few ids', () => ({ ids: ['a'] }), 'INPUT_SHAPE', /ids has length 1, for 6 examples/],

  ['no metrics', () => ({ metrics: [] }), 'METRIC_INVALID', /empty/],
  ['metrics left out', () => ({ metrics: undefined }), 'METRIC_INVALID', /empty/],
  ['a factory in place of a metric', () => ({ metrics: [vog] }), 'METRIC_INVALID', /vog\(\), not vog/],
  ['null in place of a metric', () => ({ metrics: [null] }), 'METRIC_INVALID', /not a metric/],
  ['duplicate metric names', () => ({ metrics: [vog(), meanLoss(), vog({ ddof: 1 })] }), 'METRIC_DUPLICATE', /'vog'/],
  [
    'windows and a metric without merge',
    () => ({ metrics: [mergeless], windows: stages(3) }),
    'METRIC_INVALID',
    /no merge/,
  ],
  [
    'windows of different units',
    () => ({ windows: { a: { unit: 'epochs', from: 0, to: 3 }, b: { unit: 'steps', from: 2, to: 4 } } }),
    'ARGUMENT_INVALID',
    /'a' \(epochs\) and 'b' \(steps\)/,
  ],
  [
    'the gradient of an input that is not there',
    () => ({ metrics: [vog({ input: 1 })] }),
    'ARGUMENT_INVALID',
    /input 1/,
  ],
  ['pools of a vector', () => ({ metrics: [vog({ pool: 2 })] }), 'METRIC_FAILED', /pool: 2.*images/],

  [
    'an unknown layer for features',
    () => ({ metrics: [featureNorm('nope')] }),
    'LAYER_UNKNOWN',
    /no layer 'nope'.*It has: dense/,
  ],
  ['an unknown logits layer', () => ({ logits: { layer: 'nope' } }), 'LAYER_UNKNOWN', /no layer 'nope'/],
  ['an unknown logits output', () => ({ logits: { output: 1 } }), 'LAYER_UNKNOWN', /output 1/],
  ['an unknown logits output by name', () => ({ logits: { output: 'nope' } }), 'LAYER_UNKNOWN', /"nope"/],
  ['classes that the model does not have', () => ({ classes: 4 }), 'ARGUMENT_INVALID', /classes is 4.*3/],

  ['a budget too small', () => ({ memoryBudget: 100 }), 'BUDGET_TOO_SMALL', /vog 196 bytes.*Ways out/],
  ['a budget of zero', () => ({ memoryBudget: 0 }), 'ARGUMENT_INVALID', /memoryBudget/],
  ['a chunk size of zero', () => ({ chunkSize: 0 }), 'ARGUMENT_INVALID', /chunkSize/],
  ['a fractional chunk size', () => ({ chunkSize: 2.5 }), 'ARGUMENT_INVALID', /chunkSize/],
  ['an unknown policy', () => ({ onError: 'ignore' }), 'ARGUMENT_INVALID', /'throw' or 'quarantine'/],
  ['a schedule that is a word', () => ({ schedule: 'epoch' }), 'ARGUMENT_INVALID', /everyEpoch\(\)/],
  [
    'a total that is not positive',
    () => ({ total: { epochs: 0 } }),
    'ARGUMENT_INVALID',
    /total: epochs must be a whole number of at least 1/,
  ],

  ['an unknown option', () => ({ metric: [] }), 'ARGUMENT_INVALID', /unknown option 'metric'.*metrics/],
  ['an unknown key of total', () => ({ total: { epoch: 5 } }), 'ARGUMENT_INVALID', /'epoch'/],
  ['an unknown key of logits', () => ({ logits: { layr: 'a' } }), 'ARGUMENT_INVALID', /'layr'/],
  ['an unknown key of provide', () => ({ provide: { gradients: {} } }), 'ARGUMENT_INVALID', /'gradients'/],
];

for (const [name, options, code, part] of cases) {
  test(`${name}: ${code}, and no weight has moved`, () => refusedBeforeTraining(options(), code, part));
}

test('the same options, all good, are accepted', async () => {
  const tracker = createTracker({
    ...good(),
    ids: ['a', 'b', 'c', 'd', 'e', 'f'],
    labels: oneHot(() => {}),
    memoryBudget: 1000,
  });
  const plan = await tracker.begin(smallDense(random));
  assert.is(plan.stateBytes, 2 * 6 * 4 * 4 + 4 + 6 * 4);
  tracker.dispose();
});

test('the budget is held to the byte: what plan() tells fits, one less does not', async () => {
  const model = smallDense(random);
  const bytes = 2 * 6 * 4 * 4 + 4 + 6 * 4;
  const fits = createTracker({ ...good(), memoryBudget: bytes });
  await fits.begin(model);
  fits.dispose();
  await refusedBeforeTraining({ memoryBudget: bytes - 1 }, 'BUDGET_TOO_SMALL', /memoryBudget/);
});

test('labels and inputs given as tensors are checked as arrays are, before training', async () => {
  const bad: [object, ErrorCode, RegExp][] = [
    [{ labels: tf.tensor1d([0, 1, 2, 3, 0, 1], 'int32') }, 'LABEL_INVALID', /Label 3/],
    [{ labels: tf.tensor1d([0, 1, 0.5, 2, 0, 1]) }, 'LABEL_INVALID', /0.5/],
    [{ labels: tf.ones([6, 3]) }, 'LABEL_INVALID', /one-hot/],
    [{ labels: tf.zeros([5]) }, 'INPUT_SHAPE', /\[5\]/],
    [{ inputs: tf.tensor(withNaN(), shape) }, 'INPUT_NOT_FINITE', /NaN at example 3/],
    [{ inputs: tf.mul(tf.ones([6, 4]), Number.POSITIVE_INFINITY) }, 'INPUT_NOT_FINITE', /Infinity at example 0/],
    [{ inputs: tf.ones([6, 3]) }, 'INPUT_SHAPE', /\[N, 3\]/],
    [{ inputs: tf.zeros([0, 4]), labels: [] }, 'PROBE_EMPTY', /at least one/],
    [{ inputs: tf.scalar(1) }, 'PROBE_EMPTY', /\[\]/],
  ];
  for (const [options, code, part] of bad) await refusedBeforeTraining(options, code, part);
  const gone = tf.ones([6, 4]);
  gone.dispose();
  await refusedBeforeTraining({ inputs: gone }, 'DISPOSED', /given as inputs was disposed/);
});

test('NaN in a chunk source is refused in its first stretch before training, in a later one at the first checkpoint', async () => {
  const source = (bad: Float32Array) => ({
    size: SIZE,
    shape: [4],
    read: (start: number, end: number) => bad.subarray(start * 4, end * 4),
  });
  await refusedBeforeTraining({ inputs: source(withNaN()) }, 'INPUT_NOT_FINITE', /NaN at example 3/);
  const tracker = createTracker({ ...good(), inputs: source(withNaN()), chunkSize: 2 });
  await codedError(() => tracker.checkpoint(smallDense(random), { epoch: 0 }), 'INPUT_NOT_FINITE', /NaN at example 3/);
  tracker.dispose();
});

test('a fraction of a run of unknown length is refused at the start of a manual loop, and works with a total', async () => {
  const model = smallDense(random);
  const fractions: object[] = [
    { schedule: atFractions([0.5]) },
    { windows: stages(3) },
    { schedule: during(everyEpoch(), { unit: 'fraction', from: 0, to: 0.5 }) },
    { metrics: [scheduled(vog(), atFractions([1]))] },
  ];
  for (const options of fractions) {
    for (const call of ['begin', 'checkpoint', 'observe'] as const) {
      const tracker = createTracker({ ...good(), ...options });
      const run = () => (call === 'begin' ? tracker.begin(model) : tracker[call](model, { epoch: 0 }));
      await codedError(run, 'SCHEDULE_NEEDS_TOTAL', /total: \{ epochs: N \}/);
      assert.is(tracker.checkpoints, 0);
      tracker.dispose();
    }
    const told = createTracker({ ...good(), ...options, total: { epochs: 4 } });
    await told.begin(model);
    told.dispose();
  }
});

test('probabilities given as logits are refused: a function, a named layer, a graph of layers', async () => {
  const model = smallDense(random);
  const probe = createTracker(good());
  const asFunction = (x: tf.Tensor | tf.Tensor[]): tf.Tensor => model.apply(x as tf.Tensor) as tf.Tensor;
  await codedError(() => probe.begin(asFunction), 'LOGITS_UNRESOLVED', /probabilities/);
  probe.dispose();
  // A softmax hidden in a layer of one's own.
  class Hidden extends tf.layers.Layer {
    static className = 'HiddenSoftmax';
    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
      return tf.softmax(Array.isArray(inputs) ? (inputs[0] as tf.Tensor) : inputs);
    }
  }
  const hidden = tf.sequential({ layers: [tf.layers.dense({ units: CLASSES, inputShape: [4] })] });
  hidden.add(new Hidden({}));
  compile(hidden);
  await refusedBeforeTraining({}, 'LOGITS_UNRESOLVED', /probabilities/, hidden);
});

test('begin is checked again for every model: a second one that does not fit is refused', async () => {
  const tracker = createTracker(good());
  await tracker.begin(smallDense(random));
  await codedError(() => tracker.begin(smallDense(random, 5)), 'INPUT_SHAPE', /\[N, 5\]/);
  tracker.dispose();
});

test('definitions: a metric or resource that is incomplete is refused when it is defined', async () => {
  const base = {
    name: 'm',
    hardDirection: 'high',
    requires: { loss },
    init: () => ({}),
    update: () => ({}),
    compute: () => tf.zeros([1]),
  };
  const wrong: [object, RegExp][] = [
    [{ name: '' }, /name/],
    [{ name: 'a b' }, /name/],
    [{ name: 'a|b' }, /name/],
    [{ name: 5 }, /name/],
    [{ hardDirection: 'up' }, /hardDirection/],
    [{ hardDirection: {} }, /hardDirection/],
    [{ hardDirection: undefined }, /hardDirection/],
    [{ requires: undefined }, /requires/],
    [{ requires: { loss: 'loss' } }, /requires\.loss is not a resource/],
    [{ requires: { loss: inputGradient } }, /requires\.loss is not a resource/],
    [{ init: undefined }, /init must be a function/],
    [{ update: 5 }, /update must be a function/],
    [{ compute: null }, /compute must be a function/],
  ];
  for (const [part, message] of wrong)
    await codedError(() => defineMetric({ ...base, ...part } as never), 'METRIC_INVALID', message);
  await codedError(
    () => defineResource({ name: '', requires: {}, compute: () => tf.zeros([1]) }),
    'ARGUMENT_INVALID',
    /name/,
  );
  await codedError(() => defineResource({ name: 'x', requires: {} } as never), 'ARGUMENT_INVALID', /compute/);
});

test('vog and inputGradient refuse unknown options and values by name', async () => {
  const wrong: [object, RegExp][] = [
    [{ chanels: 'mean' }, /'chanels'/],
    [{ channels: 'sum' }, /channels/],
    [{ reduce: 'max' }, /reduce/],
    [{ ddof: 2 }, /ddof/],
    [{ pool: 0 }, /pool/],
    [{ pool: 1.5 }, /pool/],
    [{ activation: 'relu' }, /activation/],
    [{ label: 'given' }, /label/],
    [{ label: [0, 1] }, /label/],
    [{ input: -1 }, /input/],
  ];
  for (const [options, part] of wrong) await codedError(() => vog(options), 'ARGUMENT_INVALID', part);
  await codedError(() => inputGradient({ activaton: 'logit' } as never), 'ARGUMENT_INVALID', /'activaton'/);
});

test('createTracker, scores, fitCallback and trackDifficulty refuse unknown options', async () => {
  for (const nothing of [undefined, null, 5])
    await codedError(() => createTracker(nothing as never), 'ARGUMENT_INVALID', /object/);
  const tracker = createTracker(good());
  await codedError(() => tracker.scores('vog', { windw: 'early' } as never), 'ARGUMENT_INVALID', /'windw'/);
  await codedError(() => tracker.scores('vog', { window: 'early' }), 'METRIC_UNKNOWN', /no window 'early'.*complete/);
  await codedError(() => tracker.scores('nope'), 'METRIC_UNKNOWN', /no metric 'nope'.*vog, mean-loss/);
  await codedError(() => tracker.scores(), 'METRIC_UNKNOWN', /Name the metric/);
  await codedError(() => fitCallback(tracker, { log: false } as never), 'ARGUMENT_INVALID', /'log'/);
  await codedError(
    () => trackDifficulty({ inputs: { data, shape }, labels, epochs: 5 } as never),
    'ARGUMENT_INVALID',
    /'epochs'/,
  );
  await codedError(() => tracker.begin({} as never), 'LOGITS_UNRESOLVED', /two copies/);
  tracker.dispose();
});

test.run();
