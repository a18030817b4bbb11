import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inBatches } from './batches.js';

const test = suite('questions in batches');

test('answers come in the order of the questions, and no more than 50 are asked at once', async () => {
  let [open, most, ends] = [0, 0, 0];
  const all = Array.from({ length: 120 }, (_, at) => at);
  const answers = await inBatches(
    all,
    async (one) => {
      most = Math.max(most, ++open);
      await new Promise((resolve) => setTimeout(resolve, (one * 7) % 5));
      open--;
      return -one;
    },
    (asked) => {
      ends++;
      return asked;
    },
  );
  assert.equal(
    answers,
    all.map((one) => -one),
  );
  assert.is(most, 50);
  assert.is(ends, 3, 'each batch has an end of its own');
});

test('a batch that does not come ends the rest', async () => {
  let asked = 0;
  const late = async (): Promise<never> => {
    throw new Error('too late');
  };
  const done = inBatches([...Array.from({ length: 100 }).keys()], async () => ++asked, late);
  assert.match(String(await done.catch((error: unknown) => error)), /too late/);
  assert.is(asked, 50);
});

test.run();
