import type { VogError } from '@vogjs/base';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { stretchOfShard } from './stretches.js';

const test = suite('stretches of checkpoints');

test('shards hold every checkpoint once, in order, as evenly as they go', () => {
  for (let checkpoints = 1; checkpoints <= 30; checkpoints++) {
    for (let of = 1; of <= checkpoints; of++) {
      const all = Array.from({ length: of }, (_, at) => stretchOfShard(checkpoints, { index: at + 1, of }));
      const sizes = all.map(({ start, end }) => end - start);
      assert.is(all[0]?.start, 0);
      assert.is(all.at(-1)?.end, checkpoints);
      assert.ok(all.every(({ start }, at) => at === 0 || start === all[at - 1]?.end));
      assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1, String(sizes));
    }
  }
});

test('more shards than checkpoints are refused', () => {
  try {
    stretchOfShard(3, { index: 1, of: 4 });
    assert.unreachable();
  } catch (error) {
    assert.is((error as VogError).code, 'SHARD_UNFIT');
    assert.match((error as VogError).message, /3 checkpoints, too few for 4 shards.*--by rows/);
  }
});

test.run();
