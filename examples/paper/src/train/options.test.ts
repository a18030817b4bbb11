// Only with --all: it is of an experiment, and loads models for it
import { rateAt } from '@vogjs/example-models';
import { EXIT, runProgram, UsageError } from '@vogjs/example-shared';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readTrainOptions, recipeOf } from './options.js';
import { training } from './program.js';

const test = suite('options of train');

const refuses = (typed: Record<string, unknown>, text: RegExp) =>
  assert.throws(
    () => readTrainOptions({ out: 'there', ...typed }),
    (error: unknown) => error instanceof UsageError && text.test(error.message),
  );

test('--preset accurate, the default, takes every image of the data set', () => {
  const cifar = readTrainOptions({ out: 'there' });
  assert.equal(readTrainOptions({ out: 'there', preset: 'accurate' }), cifar);
  assert.equal(
    [cifar.dataset, cifar.network, cifar.width, cifar.epochs, cifar.examples, cifar.test],
    ['cifar10', 'resnet-9', 24, 16, 50_000, 10_000],
  );
  const fashion = readTrainOptions({ out: 'there', dataset: 'fashion-mnist' });
  assert.equal([fashion.width, fashion.epochs, fashion.examples, fashion.test], [12, 8, 60_000, 10_000]);
  assert.is(readTrainOptions({ out: 'there', network: 'resnet-18' }).width, 24);
  const toy = readTrainOptions({ out: 'there', preset: 'toy' });
  assert.equal([toy.width, toy.epochs, toy.examples, toy.test], [4, 2, 128, 100]);
});

test('the recipe is one cycle of SGD with Nesterov momentum and weight decay, at the rate typed', () => {
  const { schedule, ...recipe } = recipeOf(readTrainOptions({ out: 'there', learningRate: 0.1, epochs: 3 }));
  assert.equal(schedule, { kind: 'one-cycle', rise: 0.3 });
  const fixed = { momentum: 0.9, nesterov: true, weightDecay: 5e-4 };
  assert.equal(recipe, { epochs: 3, batchSize: 256, learningRate: 0.1, ...fixed });
});

test('a training that goes on from another takes short steps of one size, and says so in its recipe', () => {
  const { beginsWith, epochs, learningRate } = readTrainOptions({ out: 'there', from: 'here' });
  assert.equal([beginsWith, epochs, learningRate], ['here', 8, 0.001]);
  const recipe = recipeOf({ ...readTrainOptions({ out: 'there', learningRate: 0.01 }), from: 'here, of some weights' });
  for (const progress of [0, 0.3, 0.99]) assert.is(rateAt(recipe, progress), 0.01);
  assert.is(readTrainOptions({ out: 'there' }).beginsWith, null);
});

test('what cannot be trained is refused by the option that asks for it', () => {
  refuses({ out: undefined }, /--out is missing/);
  refuses({ preset: 'quick' }, /--preset.*accurate, toy/);
  refuses({ network: 'vgg' }, /--network/);
  refuses({ dataset: 'mnist' }, /--dataset/);
  refuses({ examples: 50_001 }, /--examples/);
  refuses({ dataset: 'fashion-mnist', examples: 60_001 }, /--examples/);
  refuses({ test: 10_001 }, /--test/);
  refuses({ learningRate: 0 }, /--learning-rate/);
  refuses({ width: 0 }, /--width/);
});

test('a wrong command line ends with exit code 2', async () => {
  const quiet = console.error;
  console.error = () => {};
  try {
    assert.is(await runProgram(training, []), EXIT.usage);
    assert.is(await runProgram(training, ['--out', 'there', '--epoch', '3']), EXIT.usage);
  } finally {
    console.error = quiet;
  }
});

test.run();
