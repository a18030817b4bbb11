import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  choice,
  EXIT,
  folder,
  positiveNumber,
  type Program,
  readCommonOptions,
  runProgram,
  UsageError,
  wholeNumber,
} from './command.js';

const test = suite('command');

const refuses = (read: () => unknown, name: string) =>
  assert.throws(read, (error: unknown) => error instanceof UsageError && error.message.includes(name));

const program = (run: Program['run']): Program => ({
  name: 'example',
  description: 'An example',
  options: [['--seed <n>', 'Seed']],
  run,
});

test('what is not typed has its default', () => {
  assert.equal(readCommonOptions({}), { seed: 1, backend: 'auto', out: null, quick: false });
  assert.is(positiveNumber({ learningRate: 0.5 }, 'learning-rate', 0.1, 1), 0.5);
});

test('a value out of its range is refused by name', () => {
  for (const seed of [-1, 1.5, 'x', true]) refuses(() => wholeNumber({ seed }, 'seed', 1, 0, 10), '--seed');
  refuses(() => wholeNumber({ seed: [1, 2] }, 'seed', 1, 0, 10), '1, 2');
  for (const learningRate of [0, -1, 2, 'x', Number.NaN]) {
    refuses(() => positiveNumber({ learningRate }, 'learning-rate', 0.1, 1), '--learning-rate');
  }
  refuses(() => choice({ dataset: 'cifar' }, 'dataset', ['cifar10'], 'cifar10'), 'cifar10');
  refuses(() => folder({ out: true }, 'out'), '--out');
  refuses(() => readCommonOptions({ backend: 'gpu' }), '--backend');
});

test('exit code: 0 done, 1 failed, 2 for what was typed', async () => {
  const codes: number[] = [];
  const quiet = console.error;
  console.error = () => {};
  try {
    codes.push(
      await runProgram(
        program(async () => {}),
        ['--seed', '3'],
      ),
    );
    codes.push(
      await runProgram(
        program(() => Promise.reject(new Error('broken'))),
        [],
      ),
    );
    codes.push(
      await runProgram(
        program(() => Promise.reject(new UsageError('wrong'))),
        [],
      ),
    );
    codes.push(
      await runProgram(
        program(async () => {}),
        ['--sede', '3'],
      ),
    );
    codes.push(
      await runProgram(
        program(async () => {}),
        ['more'],
      ),
    );
    codes.push(
      await runProgram(
        program(async () => {}),
        ['--seed'],
      ),
    );
  } finally {
    console.error = quiet;
  }
  assert.equal(codes, [EXIT.done, EXIT.failed, EXIT.usage, EXIT.usage, EXIT.usage, EXIT.usage]);
});

test.run();
