// Only with --all: it is of an experiment, and loads models for it
import { seededRandom } from '@vogjs/base';
import { EXIT, runProgram } from '@vogjs/example-shared';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { READ } from '../readings/reading-metric.js';
import { columnOf, REFERENCES } from '../readings/shard.js';
import { WINDOWS } from '../readings/windows.js';
import { readTrainOptions } from '../train/options.js';
import { trainingImages } from '../train/training-images.js';
import { analyseMemorised } from './analysis.js';
import { memorised } from './program.js';
import { memorisedMarkdown } from './tables.js';

const test = suite('memorised labels');
const SIZE = 400;

/** Every fifth label is wrong; of the logit they score low, of all else high. */
function columns() {
  const random = seededRandom(7);
  const wrong = Uint8Array.from({ length: SIZE }, (_, i) => Number(i % 5 === 0));
  const label = Float32Array.from({ length: SIZE }, (_, i) => i % 4);
  const scored = (sign: number) => Float32Array.from(wrong, (flag) => random.normal() + sign * 2 * flag);
  const all: Record<string, Float32Array> = {
    label,
    // Of the wrong ones half are learned.
    predicted: label.map((own, i) => (i % 10 === 0 ? (own + 1) % 4 : own)),
  };
  for (const read of READ) {
    for (const window of WINDOWS) all[columnOf(read, 'true', window)] = scored(read === 'logit' ? -1 : 1);
  }
  for (const name of REFERENCES) all[name] = scored(name === 'aum' ? -1 : 1);
  return { all, wrong };
}

test('the absolute form is higher for wrong labels either way; AUROC and the signed form say which way', () => {
  const { all, wrong } = columns();
  const result = analyseMemorised(all, { wrong }, [...'abcd']);
  assert.equal([result.images, result.wrong, result.learned.right], [SIZE, SIZE / 5, 1]);
  assert.is(result.learned.wrong, 0.5);
  assert.is(result.readings.length, READ.length * WINDOWS.length);
  for (const { read, auroc, absolute, signed } of result.readings) {
    const isBackwards = read === 'logit';
    assert.ok(isBackwards ? auroc < 0.15 : auroc > 0.85, `${read}: ${auroc}`);
    assert.ok(absolute.second.mean > absolute.first.mean + 0.2);
    assert.ok(absolute.p < 1e-6);
    assert.is(signed.second.mean > signed.first.mean, !isBackwards);
    assert.is(signed.first.n + signed.second.n, SIZE);
  }
  for (const auroc of Object.values(result.references)) assert.ok(auroc > 0.85);
  const markdown = memorisedMarkdown(result);
  assert.match(markdown, /100\.0 % of the right and of 50\.0 % of the wrong ones/);
  assert.is(markdown.match(/^\| (?:logit|softmax|loss)/gm)?.length, READ.length * WINDOWS.length);
});

test('a training without shuffled labels is refused, and --shuffled is a setting of a training', async () => {
  const quiet = console.error;
  const lines: string[] = [];
  console.error = (line: string) => void lines.push(line);
  try {
    assert.is(await runProgram(memorised, ['--run', 'nowhere']), EXIT.usage);
    assert.match(lines.join(), /train one with --shuffled 0\.2 --plain/);
  } finally {
    console.error = quiet;
  }
  const options = readTrainOptions({ out: 'there', shuffled: 0.2, plain: true });
  assert.equal([options.shuffled, options.plain], [0.2, true]);
  assert.not.ok('shuffled' in readTrainOptions({ out: 'there' }));
  const labels = Int32Array.from({ length: 100 }, (_, i) => i % 10);
  const images = { pixels: new Uint8Array(100), shape: [100, 1, 1, 1], labels, classNames: [...'abcdefghij'] } as const;
  const given = (await trainingImages(images, options, null)).labels;
  assert.not.equal(given, labels);
  assert.equal(given.toSorted(), labels.toSorted());
  assert.is((await trainingImages(images, { seed: 1 }, null)).labels, labels);
});

test.run();
