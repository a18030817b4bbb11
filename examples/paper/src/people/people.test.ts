// Only with --all: it trains networks at toy size
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '@vogjs/base';
import { EXIT } from '@vogjs/example-shared';
import { runQuietly } from '@vogjs/example-shared/testing';
import { spearman } from '@vogjs/statistics';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { writeMadeUpCifar } from '../fixtures/made-up-cifar.js';
import { READ } from '../readings/reading-metric.js';
import { columnOf, REFERENCES, TARGETS } from '../readings/shard.js';
import { WINDOWS } from '../readings/windows.js';
import { training } from '../train/program.js';
import { analysePeople } from './analysis.js';
import { people } from './program.js';
import { peopleMarkdown } from './tables.js';

const test = suite('people beside VoG');
const SIZE = 600;
const SEED = Math.floor(Math.random() * 2 ** 31);

let folder = '';
test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vogjs-test-'));
  await writeMadeUpCifar(folder, 128);
});
test.after(() => rm(folder, { recursive: true }));

/** Most people agree about most images; the logit's score goes the other way. */
function made() {
  const random = seededRandom(SEED);
  const disagreeing = Uint8Array.from({ length: SIZE }, (_, i) => (i % 2 === 0 ? 0 : i % 4));
  // The first disagrees wherever anybody does, the others where all three do.
  const people = [1, 2, 3].map((least) => disagreeing.map((count) => Number(count >= least)));
  const scored = (sign: number) => Float32Array.from(disagreeing, (count) => random.normal() + sign * count);
  const columns: Record<string, Float32Array> = {};
  for (const read of READ) {
    for (const target of TARGETS) {
      for (const window of WINDOWS) columns[columnOf(read, target, window)] = scored(read === 'logit' ? -1 : 1);
    }
  }
  for (const name of REFERENCES) columns[name] = scored(name === 'aum' ? -1 : 1);
  return { columns, disagreeing, people };
}

test("each reading's Spearman, its interval around it, and more people disagreeing at the hard end", () => {
  const { columns, disagreeing, people } = made();
  const result = analysePeople(columns, people, 1);
  assert.equal([result.images, result.counts], [SIZE, [SIZE / 2, SIZE / 4, 0, SIZE / 4]]);
  assert.is(result.readings.length, READ.length * TARGETS.length);
  for (const { read, target, windows, tenths } of result.readings) {
    const sign = read === 'logit' ? -1 : 1;
    for (const window of WINDOWS) {
      const { estimate, low, high } = windows[window];
      const { r } = spearman(columns[columnOf(read, target, window)] as Float32Array, disagreeing);
      assert.ok(Math.abs(estimate - r) < 1e-12, `${read} ${target} ${window}, SEED=${SEED}: ${estimate}, ${r}`);
      assert.ok(low < estimate && estimate < high && sign * estimate > 0.3, `${read}, SEED=${SEED}`);
    }
    assert.ok(sign * ((tenths.at(-1) as number) - (tenths[0] as number)) > 0.5, `${read}, SEED=${SEED}`);
    const mean = tenths.reduce((sum, value) => sum + value, 0) / 10;
    assert.ok(Math.abs(mean - 1) < 1e-9, 'tenths of equal size average to the whole');
  }
  const others = (people[1] as Uint8Array).map((count, i) => count + (people[2] as Uint8Array)[i]!);
  const first = spearman(people[0] as Uint8Array, others).r;
  assert.ok(Math.abs((result.oneByOthers[0]?.estimate ?? 0) - first) < 1e-12, `${first}`);
  assert.is(result.oneByOthers.length, 3);
  for (const { r } of Object.values(result.references)) assert.ok(r.low > 0.3, `SEED=${SEED}`);
  const markdown = peopleMarkdown(result);
  assert.match(markdown, /600 training images: 300 with 0 of 3, 150 with 1 of 3, 0 with 2 of 3, 150 with 3 of 3/);
  assert.is(markdown.match(/^\| (?:logit|softmax|loss)/gm)?.length, 2 * READ.length * TARGETS.length);
});

test('a toy training, one that goes on from it, and people beside both; what does not fit is refused', async () => {
  const toy = ['--preset', 'toy', '--test', '40', '--epochs', '6', '--backend', 'wasm'];
  const train = (name: string, ...args: string[]) =>
    runQuietly(training, [...toy, '--data', folder, '--out', join(folder, name), ...args]);
  const narrow = (name: string, ...args: string[]) => train(name, '--width', '2', ...args);
  assert.is((await narrow('first')).code, EXIT.done);
  const onward = await narrow('second', '--from', join(folder, 'first'));
  assert.is(onward.code, EXIT.done, onward.output);
  assert.match(onward.output, /from first, [0-9a-f]{12}, at a rate of 0\.001/);
  const stops = await narrow('second', '--from', join(folder, 'first'));
  assert.not.match(stops.output, /epoch 1 of 6/, 'a training that is done is not done again');
  assert.match((await narrow('second')).output, /Give those, or --out another folder/);
  assert.match((await train('other', '--from', join(folder, 'first'), '--width', '3')).output, /of width 2 on cifar10/);
  assert.match((await train('other', '--from', join(folder, 'nowhere'))).output, /--from .*no such folder/);

  const beside = (...args: string[]) => runQuietly(people, ['--backend', 'wasm', '--data', folder, ...args]);
  for (const name of ['first', 'second']) {
    const out = join(folder, `people-${name}`);
    const { code, output } = await beside('--run', join(folder, name), '--count', '100', '--out', out);
    assert.is(code, EXIT.done, output);
    const { counts } = JSON.parse(await readFile(join(out, 'people.json'), 'utf8')) as { counts: number[] };
    assert.equal(counts, [80, 0, 0, 20]);
  }
  assert.match((await beside()).output, /--run is missing/);
  assert.match((await beside('--run', join(folder, 'nowhere'))).output, /no such folder/);
});

test.run();
