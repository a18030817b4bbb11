import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { UsageError } from './command.js';
import { readImages } from './data.js';

const test = suite('data');

let folder = '';
test.before(async () => void (folder = await mkdtemp(join(tmpdir(), 'vogjs-test-'))));
test.after(() => rm(folder, { recursive: true }));

test('a folder without the files is an error of usage that names the file and the option', async () => {
  for (const [dataset, part, file] of [
    ['cifar10', 'train', 'data_batch_1.bin'],
    ['cifar10', 'test', 'test_batch.bin'],
    ['fashion-mnist', 'train', 'train-images-idx3-ubyte.gz'],
  ] as const) {
    const error: unknown = await readImages(dataset, { part, count: 10, folder }).catch((cause: unknown) => cause);
    assert.instance(error, UsageError);
    assert.match((error as Error).message, file);
    assert.match((error as Error).message, '--data');
  }
});

test('standard binaries are read from the folder, as many files as the images need', async () => {
  await writeFile(join(folder, 'data_batch_1.bin'), record(3));
  const one = await readImages('cifar10', { part: 'train', count: 10_000, folder });
  assert.equal([one.shape, [...one.labels], one.classNames[3]], [[1, 32, 32, 3], [3], 'cat']);
  await writeFile(join(folder, 'data_batch_2.bin'), record(8));
  const two = await readImages('cifar10', { part: 'train', count: 10_001, folder });
  assert.equal([...two.labels], [3, 8]);
});

/** One image of CIFAR-10's binary version. */
function record(label: number): Uint8Array {
  return Uint8Array.from({ length: 1 + 3072 }, (_, i) => (i === 0 ? label : i % 256));
}

test.run();
