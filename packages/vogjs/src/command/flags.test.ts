import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { vogjs } from '../command-line.test.helper.js';

const test = suite('what is typed wrongly');

for (const [args, says] of [
  [['score', 'photos', '--epochs', 'two'], /^vogjs: --epochs must be a whole number from 1 to 100000; got "two"\.$/m],
  [['score', 'photos', '--image-size', '0'], /^vogjs: --image-size must be /m],
  [['score', 'photos', '--fail-above', 'label=2%'], /^vogjs: --fail-above must be .*'label-errors=0\.02'/m],
  [['score', 'photos', '--epoch', '5'], /^vogjs: There is no option --epoch\. Did you mean --epochs\?$/m],
  [['score', 'photos', '-x'], /^vogjs: There is no option -x\.$/m],
  [['score', 'photos', '--epochs'], /^vogjs: --epochs needs a value: --epochs <n>\.$/m],
  [['export', 'runs/photos', '--to', 'cvs'], /^vogjs: --to must be 'csv', /m],
  [['template', 'slum', 'photos'], /^vogjs: <kind> must be 'slurm', /m],
  [['import', 'runs/photos'], /^vogjs: An argument is missing: vogjs import <run> <file>\.$/m],
] as const) {
  test(`vogjs ${args.join(' ')}: told as it was typed, with exit code 2`, async () => {
    const { code, error } = await vogjs(...args);
    assert.is(code, 2, error);
    assert.match(error, says);
    assert.match(error, new RegExp(`^Try: vogjs ${args[0]} --help$`, 'm'));
  });
}

test.run();
