// Only with --all: it is of an experiment, and loads models for it
import { seededRandom } from '@vogjs/base';
import { EXIT, runProgram } from '@vogjs/example-shared';
import { spearman } from '@vogjs/statistics';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { READ } from '../readings/reading-metric.js';
import { columnOf, REFERENCES, TARGETS } from '../readings/shard.js';
import { WINDOWS } from '../readings/windows.js';
import { analysePeople } from './analysis.js';
import { people } from './program.js';
import { peopleMarkdown } from './tables.js';

const test = suite('people beside VoG');
const SIZE = 600;
const SEED = Math.floor(Math.random() * 2 ** 31);

/** Most people agree about most images; the logit's score goes the other way. */
function made() {
  const random = seededRandom(SEED);
  const disagreeing = Uint8Array.from({ length: SIZE }, (_, i) => (i % 2 === 0 ? 0 : i % 4));
  const scored = (sign: number) => Float32Array.from(disagreeing, (count) => random.normal() + sign * count);
  const columns: Record<string, Float32Array> = {};
  for (const read of READ) {
    for (const target of TARGETS) {
      for (const window of WINDOWS) columns[columnOf(read, target, window)] = scored(read === 'logit' ? -1 : 1);
    }
  }
  for (const name of REFERENCES) columns[name] = scored(name === 'aum' ? -1 : 1);
  return { columns, disagreeing };
}

test("each reading's Spearman, its interval around it, and more people disagreeing at the hard end", () => {
  const { columns, disagreeing } = made();
  const result = analysePeople(columns, disagreeing, 1);
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
  for (const { r } of Object.values(result.references)) assert.ok(r.low > 0.3, `SEED=${SEED}`);
  const markdown = peopleMarkdown(result);
  assert.match(markdown, /600 training images: 300 with 0 of 3, 150 with 1 of 3, 0 with 2 of 3, 150 with 3 of 3/);
  assert.is(markdown.match(/^\| (?:logit|softmax|loss)/gm)?.length, 2 * READ.length * TARGETS.length);
});

test('a folder that is not given or not there is an error of usage', async () => {
  const quiet = console.error;
  const lines: string[] = [];
  console.error = (line: string) => void lines.push(line);
  try {
    assert.is(await runProgram(people, []), EXIT.usage);
    assert.is(await runProgram(people, ['--run', 'nowhere', '--backend', 'wasm']), EXIT.usage);
    assert.match(lines.join('\n'), /--run is missing.*\n(?:.*\n)*.*no such folder/);
  } finally {
    console.error = quiet;
  }
});

test.run();
