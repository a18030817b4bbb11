// What a model trains for decides how it is scored: multi-label, regression, and what contradicts itself.
import * as tf from '@tensorflow/tfjs';
import {
  createTracker,
  type ErrorCode,
  inputGradient,
  collectResources,
  loss,
  type TaskKind,
  type TrackerOptions,
} from '@vogjs/core';
import {
  aum,
  csg,
  dataMaps,
  el2n,
  forgetting,
  meanLoss,
  prototypicality,
  trajectoryVariance,
  vog,
} from '@vogjs/metrics';
import { energy, knn, fitDetectors, scoreOod } from '@vogjs/ood';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { normals, randomOf } from '@vogjs/testing';
import { testBackends, useBackend } from './support/backend.js';
import { codedError } from './support/errors.js';

const test = suite('tasks');
test.before(() => useBackend());

const [SIZE, WIDTH] = [6, 4];
const random = randomOf(11);
const inputs = { data: normals(random, SIZE * WIDTH), shape: [SIZE, WIDTH] };
const hot = { data: Float32Array.from({ length: SIZE * 5 }, (_, i) => Number((i * 7) % 3 === 0)), shape: [SIZE, 5] };
const reals = normals(random, SIZE);

function network(
  units: number,
  activation: string,
  compiled?: string | ((y: tf.Tensor, p: tf.Tensor) => tf.Tensor),
): tf.LayersModel {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 5, activation: 'tanh', inputShape: [WIDTH] }),
      tf.layers.dense({ units, activation: activation as 'softmax' }),
    ],
  });
  if (compiled !== undefined) model.compile({ optimizer: 'sgd', loss: compiled });
  return model;
}

function shake(model: tf.LayersModel): void {
  tf.tidy(() => model.setWeights(model.getWeights().map(({ shape, size }) => tf.tensor(normals(random, size), shape))));
}

async function begun(model: tf.LayersModel, options: Omit<TrackerOptions, 'inputs'>): Promise<string | null> {
  const tracker = createTracker({ inputs, ...options });
  try {
    return (await tracker.begin(model)).task;
  } finally {
    tracker.dispose();
  }
}

/** Mean over inputs of the standard deviation over checkpoints, in float64. */
function deviation(gradients: readonly ArrayLike<number>[], example: number): number {
  let sum = 0;
  for (let k = 0; k < WIDTH; k++) {
    const values = gradients.map((each) => each[example * WIDTH + k] as number);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    sum += Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length);
  }
  return sum / WIDTH;
}

/** VoG of a scalar of the model's outputs against plain tf.grad of it, over three checkpoints. */
async function agrees(
  model: tf.LayersModel,
  options: Omit<TrackerOptions, 'inputs'>,
  scalar: (outputs: tf.Tensor) => tf.Tensor,
): Promise<void> {
  const tracker = createTracker({ inputs, chunkSize: 4, ...options });
  const x = tf.tensor2d(inputs.data, [SIZE, WIDTH]);
  const gradients: Float32Array[] = [];
  for (let epoch = 0; epoch < 3; epoch++) {
    shake(model);
    await tracker.checkpoint(model, { epoch });
    const gradient = tf.grad((given) => tf.sum(scalar(model.apply(given, { training: false }) as tf.Tensor)))(x);
    gradients.push((await gradient.data<'float32'>()).slice());
    gradient.dispose();
  }
  const { values } = await tracker.scores();
  for (const [i, value] of values.entries()) {
    const expected = deviation(gradients, i);
    assert.ok(
      Math.abs(value - expected) < 1e-4 * expected + 1e-6,
      `example ${i}: ${value}, plain gradient ${expected}`,
    );
  }
  x.dispose();
  tracker.dispose();
  model.dispose();
}

const logitOf = (p: tf.Tensor): tf.Tensor => tf.log(tf.div(p, tf.sub(1, p)));
const sumOf = (o: tf.Tensor): tf.Tensor => tf.sum(o, 1);
const labelled = (of: tf.Tensor): tf.Tensor => tf.sum(tf.mul(of, tf.tensor2d(hot.data, [SIZE, 5])), 1);

test('a regression: VoG is of the output itself, with targets, without them, and of the sum of several outputs', async () => {
  await agrees(network(1, 'linear', 'meanSquaredError'), { labels: reals, metrics: [vog()] }, sumOf);
  await agrees(network(1, 'linear', 'meanSquaredError'), { metrics: [vog({ activation: 'output' })] }, sumOf);
  await agrees(network(1, 'linear'), { task: 'regression', metrics: [vog()] }, sumOf);
  for (const activation of ['logit', 'softmax'] as const) {
    await agrees(network(1, 'linear', 'meanSquaredError'), { labels: reals, metrics: [vog({ activation })] }, sumOf);
    await agrees(network(1, 'linear'), { task: 'regression', metrics: [vog({ activation })] }, sumOf);
  }
  await agrees(network(3, 'sigmoid'), { task: 'regression', metrics: [vog({ activation: 'output' })] }, sumOf);
  await agrees(network(3, 'linear', 'meanSquaredError'), { metrics: [vog({ activation: 'output', unit: 1 })] }, (o) =>
    tf.slice(o, [0, 1], [-1, 1]),
  );
});

test('a regression: VoG of the loss is of the squared error', async () => {
  const y = tf.tensor2d(reals, [SIZE, 1]);
  await agrees(
    network(1, 'linear', 'meanSquaredError'),
    { labels: reals, metrics: [vog({ activation: 'loss' })] },
    (o) => tf.square(tf.sub(o, y)),
  );
});

test("multi-label: VoG is of the labelled units' logits, of their probabilities, of one unit, and of the loss", async () => {
  const metrics = (options: Parameters<typeof vog>[0]) => ({ labels: hot, metrics: [vog(options)] });
  const model = () => network(5, 'sigmoid', 'binaryCrossentropy');
  await agrees(model(), metrics({ activation: 'logit' }), (p) => labelled(logitOf(p)));
  await agrees(model(), metrics({ activation: 'softmax' }), labelled);
  await agrees(model(), metrics({}), labelled);
  await agrees(model(), metrics({ activation: 'logit', unit: 3 }), (p) => logitOf(tf.slice(p, [0, 3], [-1, 1])));
  await agrees(model(), metrics({ activation: 'softmax', unit: 3 }), (p) => tf.slice(p, [0, 3], [-1, 1]));
  await agrees(model(), metrics({ activation: 'loss' }), (p) =>
    tf.metrics.binaryCrossentropy(tf.tensor2d(hot.data, [SIZE, 5]), p),
  );
});

test('multi-label: the losses of the units are columns, and their mean is the loss of the example', async () => {
  const model = network(5, 'sigmoid', 'binaryCrossentropy');
  shake(model);
  const tracker = createTracker({
    inputs,
    labels: hot,
    metrics: [meanLoss({ units: true }), meanLoss({ name: 'whole' })],
  });
  await tracker.checkpoint(model, { epoch: 0 });
  const columns = await tracker.columns('mean-loss');
  assert.equal(Object.keys(columns), ['mean-loss', 'unit0', 'unit1', 'unit2', 'unit3', 'unit4']);
  const whole = await tracker.scores('whole');
  for (let i = 0; i < SIZE; i++) {
    const units = [0, 1, 2, 3, 4].map((unit) => columns[`unit${unit}`]?.values[i] as number);
    assert.ok(Math.abs(units.reduce((a, b) => a + b, 0) / 5 - (whole.values[i] as number)) < 1e-6);
  }
  assert.equal((await tracker.examples()).labels, null);
  tracker.dispose();
  model.dispose();
});

test('plan() tells the task that head, loss and labels make together', async () => {
  const onLogits = (y: tf.Tensor, z: tf.Tensor): tf.Tensor => tf.losses.softmaxCrossEntropy(y, z);
  const said: [tf.LayersModel, Partial<TrackerOptions>, string][] = [
    [
      network(5, 'sigmoid', 'binaryCrossentropy'),
      { labels: hot },
      'multi-label, 5 sigmoid units, binary cross-entropy',
    ],
    [network(5, 'sigmoid'), { labels: hot }, 'multi-label, 5 sigmoid units, binary cross-entropy'],
    [network(1, 'linear', 'meanSquaredError'), { labels: reals }, 'regression, 1 linear unit, mean squared error'],
    [network(1, 'linear'), { labels: reals }, 'regression, 1 linear unit, mean squared error'],
    [
      network(1, 'sigmoid', 'binaryCrossentropy'),
      { labels: [0, 1, 0, 1, 1, 0] },
      'binary, 1 sigmoid unit, binary cross-entropy',
    ],
    [
      network(3, 'softmax', 'categoricalCrossentropy'),
      { labels: [0, 1, 2, 0, 1, 2] },
      'classification, 3 softmax units, categorical cross-entropy',
    ],
    [
      network(3, 'linear', onLogits),
      { labels: [0, 1, 2, 0, 1, 2] },
      "classification, 3 linear units, loss function 'onLogits'",
    ],
  ];
  for (const [model, options, description] of said) {
    const tracker = createTracker({ inputs, metrics: [vog()], ...options });
    assert.is(tracker.plan().task, null, 'before the model is seen');
    tracker.dispose();
    assert.is(await begun(model, { metrics: [vog()], ...options }), description);
    model.dispose();
  }
});

test('what head, loss, labels and task leave open or contradict is refused before training', async () => {
  const classes = [0, 1, 2, 0, 1, 2];
  const refusals: [tf.LayersModel, Partial<TrackerOptions>, ErrorCode, RegExp][] = [
    [network(5, 'sigmoid'), { labels: classes }, 'TASK_UNRESOLVED', /task: 'multi-label'/],
    [network(1, 'linear'), { labels: [0, 1, 0, 1, 0, 1] }, 'TASK_UNRESOLVED', /task: 'binary' or task: 'regression'/],
    [network(1, 'softmax'), { labels: [0, 0, 0, 0, 0, 0] }, 'TASK_MISMATCH', /always 1/],
    [network(3, 'softmax'), { labels: classes, task: 'multi-label' }, 'TASK_MISMATCH', /one label/],
    [network(3, 'softmax'), { labels: classes, task: 'regression' }, 'TASK_MISMATCH', /probabilities of classes/],
    [
      network(3, 'linear', 'meanSquaredError'),
      { labels: classes, task: 'classification' },
      'TASK_MISMATCH',
      /not probabilities/,
    ],
    [
      network(3, 'sigmoid', 'categoricalCrossentropy'),
      { labels: classes },
      'TASK_MISMATCH',
      /do not exclude each other/,
    ],
    [network(3, 'linear', 'categoricalCrossentropy'), { labels: classes }, 'TASK_MISMATCH', /takes probabilities/],
    [network(3, 'softmax'), { labels: hot }, 'LABEL_INVALID', /5 values.*3 classes/],
    [network(3, 'softmax'), { labels: reals }, 'LABEL_INVALID', /not an integer/],
    [network(3, 'softmax'), { labels: ['a', 'b', 'a', 'b', 'a', 'b'] }, 'LABEL_INVALID', /Give classNames/],
    [network(3, 'linear', 'meanSquaredError'), { labels: reals }, 'LABEL_INVALID', /targets \[6, 3\]/],
    [network(4, 'sigmoid', 'binaryCrossentropy'), { labels: hot }, 'LABEL_INVALID', /multi-hot labels \[6, 4\]/],
    [network(3, 'softmax'), { labels: classes, task: 'both' as TaskKind }, 'ARGUMENT_INVALID', /task must be/],
  ];
  for (const [model, options, code, part] of refusals) {
    await codedError(() => begun(model, { metrics: [vog()], ...options }), code, part);
    model.dispose();
  }
});

test('a metric without a meaning for the task is refused by name, before training, with those that have one', async () => {
  const model = network(1, 'linear', 'meanSquaredError');
  for (const metric of [aum(), el2n(), forgetting(), dataMaps()]) {
    await codedError(
      () => begun(model, { labels: reals, metrics: [metric] }),
      'TASK_UNSUPPORTED',
      new RegExp(`'${metric.name}'.*vog, csg, meanLoss`),
    );
  }
  const fine = [vog(), vog({ name: 'loss', activation: 'loss' }), csg(), meanLoss(), trajectoryVariance(loss)];
  assert.match((await begun(model, { labels: reals, metrics: fine })) ?? '', /^regression/);
  const softmax = network(3, 'softmax');
  await codedError(() => begun(softmax, { metrics: [vog({ activation: 'output' })] }), 'TASK_UNSUPPORTED', /'vog'/);
  const { values, labels } = await prototypicality(model, { inputs, labels: reals });
  assert.is(values.filter((value) => value > 0).length, SIZE);
  assert.is(labels, null);
  model.dispose();
  softmax.dispose();
});

test('detectors that assume a softmax are refused for a regression; those of features alone are not', async () => {
  const model = network(1, 'linear', 'meanSquaredError');
  await codedError(() => scoreOod(model, { inputs }, [energy()]), 'TASK_UNSUPPORTED', /Detector 'energy'/);
  const fitted = await fitDetectors(model, { inputs }, [knn({ k: 2 })]);
  assert.is((await scoreOod(model, { inputs }, fitted)).knn.values.length, SIZE);
  model.dispose();
});

test('int32 images are refused before training with what to do', async () => {
  const model = network(3, 'softmax');
  const tracker = createTracker({
    inputs: tf.ones([SIZE, WIDTH], 'int32'),
    labels: [0, 1, 2, 0, 1, 2],
    metrics: [vog()],
    chunkSize: 2,
  });
  await codedError(() => tracker.begin(model), 'GRADIENT_UNSUPPORTED', /toFloat\(\)/);
  tracker.dispose();
  model.dispose();
});

test('of several outputs the loss is that of the one chosen, compiled as a list or by name', async () => {
  const x = tf.input({ shape: [WIDTH] });
  const kinds = tf.layers.dense({ units: 3, activation: 'softmax', name: 'kinds' }).apply(x) as tf.SymbolicTensor;
  const size = tf.layers.dense({ units: 1, name: 'size' }).apply(x) as tf.SymbolicTensor;
  for (const compiled of [
    ['categoricalCrossentropy', 'meanAbsoluteError'],
    { kinds: 'categoricalCrossentropy', size: 'meanAbsoluteError' },
  ]) {
    const model = tf.model({ inputs: x, outputs: [kinds, size] });
    model.compile({ optimizer: 'sgd', loss: compiled });
    const ofKinds = await begun(model, {
      labels: [0, 1, 2, 0, 1, 2],
      metrics: [vog()],
      logits: { output: 'kinds' },
    });
    assert.is(ofKinds, 'classification, 3 softmax units, categorical cross-entropy');
    for (const logits of [{ output: 'size' }, { output: 1 }, { layer: 'size' }]) {
      const ofSize = await begun(model, { labels: reals, metrics: [vog()], logits });
      assert.is(ofSize, 'regression, 1 linear unit, mean absolute error');
    }
  }
});

test('a saved multi-label state loads before the model is seen, and only beside the same labels', async () => {
  const model = network(5, 'sigmoid', 'binaryCrossentropy');
  const make = (labels: TrackerOptions['labels']) => createTracker({ inputs, labels, metrics: [meanLoss()] });
  const [first, same, other] = [make(hot), make(hot), make({ ...hot, data: hot.data.map((bit) => 1 - bit) })];
  await first.checkpoint(model, { epoch: 0 });
  const bytes = await first.serialise();
  await same.load(bytes);
  assert.equal((await same.scores()).values, (await first.scores()).values);
  await codedError(() => other.load(bytes), 'PROBE_MISMATCH', /labels/);
  for (const tracker of [first, same, other]) tracker.dispose();
  model.dispose();
});

for (const backend of testBackends()) {
  test(`${backend}: losses of a confident network keep their order and six digits down to 1e-30`, async () => {
    await useBackend(backend);
    const gaps = [2, 8, 16, 17, 20, 20.5, 40, 69];
    const rows = gaps.flatMap((gap) => [gap, 0, -1]);
    const identity = (x: tf.Tensor | tf.Tensor[]): tf.Tensor => tf.mul(x as tf.Tensor, 1);
    const given = { inputs: { data: rows, shape: [gaps.length, 3] }, labels: gaps.map(() => 0) };
    const { loss: values } = await collectResources(identity, given, { loss });
    for (const [i, gap] of gaps.entries()) {
      const expected = Math.log1p(Math.exp(-gap) + Math.exp(-1 - gap));
      assert.ok(
        Math.abs((values.data[i] as number) / expected - 1) < 1e-5,
        `gap ${gap}: ${values.data[i]}, float64 ${expected}`,
      );
    }
    const wrong = { ...given, labels: gaps.map(() => 1) };
    const { loss: large } = await collectResources(identity, wrong, { loss });
    for (const [i, gap] of gaps.entries()) {
      const expected = Math.log(Math.exp(gap) + 1 + Math.exp(-1));
      assert.ok(Math.abs((large.data[i] as number) / expected - 1) < 1e-6, `gap ${gap}: ${large.data[i]}`);
    }
    const { gradient } = await collectResources(identity, given, { gradient: inputGradient({ activation: 'loss' }) });
    assert.ok(gradient.data.every((value) => Number.isFinite(value)));
  });
}

test.run();
