// Only with --all: it is of an experiment, and loads data and models for it
import { EXIT, runProgram, UsageError } from '@vogjs/example-shared';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildModel, modelTitle } from './architecture.js';
import { checkpointEpochs, readFOodOptions, recipeOf, type RunSettings } from './options.js';
import { oodDetection } from './program.js';

const test = suite('options of f-ood');

const refuses = (read: () => unknown, text: RegExp) =>
  assert.throws(read, (error: unknown) => error instanceof UsageError && text.test(error.message));

test('--paper is the published experiment of each architecture, and what else is typed still counts', () => {
  const resnet = readFOodOptions({ paper: true });
  assert.equal([resnet.depth, resnet.width, resnet.epochs, resnet.batchSize], [18, 64, 164, 128]);
  assert.equal([resnet.examples, resnet.test, resnet.outExamples, resnet.schedule], [50_000, 10_000, 10_000, 'recipe']);
  const wide = readFOodOptions({ paper: true, model: 'wide-resnet', epochs: 40 });
  assert.equal(
    [modelTitle(wide), wide.epochs, recipeOf(wide).weightDecay, recipeOf(wide).nesterov],
    ['W-RN-28-10', 40, 5e-4, true],
  );
  const dense = readFOodOptions({ paper: true, model: 'densenet-bc' });
  assert.equal([modelTitle(dense), dense.epochs, dense.batchSize], ['DenseNet-BC', 300, 64]);
  refuses(() => readFOodOptions({ paper: true, quick: true }), /--paper and --quick/);
});

test('options are read by name and refused out of their range', () => {
  const typed = {
    outExamples: 300,
    batchSize: 32,
    learningRate: 0.2,
    keepWeights: true,
    lsun: 'there',
    resume: 'here',
  };
  const { outExamples, batchSize, learningRate, keepWeights, folders, resume } = readFOodOptions(typed);
  assert.equal([outExamples, batchSize, learningRate, keepWeights, resume], [300, 32, 0.2, true, 'here']);
  assert.equal(folders, { lsun: 'there' });
  refuses(() => readFOodOptions({ outExamples: 1 }), /--out-examples/);
  refuses(() => readFOodOptions({ epochs: 5 }), /--epochs/);
  refuses(() => readFOodOptions({ epochs: 8, checkpoints: 9 }), /--checkpoints.*8/);
  refuses(() => readFOodOptions({ model: 'vgg' }), /--model/);
  refuses(() => buildModel(readFOodOptions({ depth: 17 })), /--depth.*8 n \+ 2.*17/);
});

test('a run that is there gives its settings; what is typed otherwise is refused by name', () => {
  const saved: RunSettings = {
    model: 'densenet-bc',
    depth: 22,
    width: 8,
    epochs: 7,
    batchSize: 16,
    learningRate: 0.3,
    schedule: 'recipe',
    checkpoints: 6,
    examples: 500,
    test: 100,
    outExamples: 90,
    seed: 9,
    activation: 'softmax',
  };
  const options = readFOodOptions({ resume: 'here' }, saved);
  for (const key of Object.keys(saved) as (keyof RunSettings)[]) assert.is(options[key], saved[key], key);
  assert.is(readFOodOptions({ width: 8 }, saved).width, 8);
  refuses(() => readFOodOptions({ width: 9, seed: 1 }, saved), /width was 8 and is 9; seed was 9 and is 1/);
  refuses(() => readFOodOptions({ quick: true }, saved), /--quick/);
});

test('--run scores a training that is done: what is for one is refused by name', () => {
  const { run, activation } = readFOodOptions({ run: 'there', activation: 'softmax' });
  assert.equal([run, activation], ['there', 'softmax']);
  refuses(() => readFOodOptions({ run: 'there', epochs: 8, keepWeights: true }), /--run.*epochs, keepWeights/);
  assert.is(readFOodOptions({ run: 'there', resume: 'here' }).resume, 'here');
  refuses(() => readFOodOptions({ activation: 'relu' }), /--activation/);
});

test('checkpoints are spread evenly and end with the last epoch', () => {
  assert.equal([...checkpointEpochs({ epochs: 6, checkpoints: 6 })], [0, 1, 2, 3, 4, 5]);
  assert.equal([...checkpointEpochs({ epochs: 30, checkpoints: 10 })], [2, 5, 8, 11, 14, 17, 20, 23, 26, 29]);
  for (const epochs of [6, 7, 13, 164, 300]) {
    for (const checkpoints of [6, Math.min(15, epochs), epochs]) {
      const due = [...checkpointEpochs({ epochs, checkpoints })];
      assert.equal([due.length, due.at(-1)], [checkpoints, epochs - 1]);
      assert.ok((due[0] as number) >= 0);
    }
  }
});

test('a wrong command line ends with exit code 2', async () => {
  const quiet = console.error;
  console.error = () => {};
  try {
    assert.is(await runProgram(oodDetection, ['--width', '0']), EXIT.usage);
    assert.is(await runProgram(oodDetection, ['--out-exampels', '100']), EXIT.usage);
  } finally {
    console.error = quiet;
  }
});

test.run();
