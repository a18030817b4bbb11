// Only with --all: it scores checkpoints whole and in parts, on every backend
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { trackerMetrics } from '@vogjs/metrics';
import { openRun } from '@vogjs/run';
import { runSeed, testBackends } from '@vogjs/testing';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertNear, assertSame, contentsOf, ok, scoreOf, writeCheckpoints } from './shards.test.helper.js';

const test = suite('shards joined are the unsharded run');
const folder = mkdtempSync(join(tmpdir(), 'vogjs-equality-'));
const seed = runSeed();
console.log(`seed ${seed}`);
const data = join(folder, 'data');
const CHECKPOINTS = 5;
test.before(() => writeCheckpoints(data, { seed, checkpoints: CHECKPOINTS }));
test.after(() => rmSync(folder, { recursive: true }));

/** Figures of each checkpoint, as the run tells them. */
async function eventsOf(out: string): Promise<unknown[]> {
  const events = (await (await openRun(out)).events()) as { type: string; figures: object }[];
  return events.map(({ type, figures }) => [type, figures]);
}

for (const backend of testBackends()) {
  const asked = (name: string, ...more: string[]): string[] => {
    const how = ['--metrics', 'all', '--windows', '2', '--chunk-size', '5', '--backend', backend];
    return scoreOf(data, ...how, '--out', join(folder, `${backend}-${name}`), ...more);
  };
  const whole = join(folder, `${backend}-whole`);

  test(`${backend}: by rows to the last bit, for every metric, window, percentile and issue`, async () => {
    await ok(...asked('whole'));
    const { columns } = await (await openRun(whole)).scores();
    for (const { definition } of trackerMetrics) {
      assert.ok(columns.some(({ metric, window }) => metric === definition.name && window === 'complete'));
    }
    assert.ok(columns.some(({ window }) => window !== 'complete'));
    for (const n of [1, 3, 8]) {
      const out = join(folder, `${backend}-rows-${n}`);
      for (let index = 1; index <= n; index++) await ok(...asked(`rows-${n}`, '--shard', `${index}/${n}`));
      assert.is(readdirSync(join(out, 'states')).length, n);
      await ok('merge', out);
      await assertSame(out, whole);
      assert.not(readdirSync(out).includes('states'));
      assert.equal(await eventsOf(out), await eventsOf(whole));
    }
  });

  test(`${backend}: by checkpoints within the stated rounding, for every metric and window`, async () => {
    await ok(...asked('whole'));
    for (const n of [1, 2, CHECKPOINTS]) {
      const name = `checkpoints-${n}`;
      const out = join(folder, `${backend}-${name}`);
      for (let index = 1; index <= n; index++) {
        await ok(...asked(name, '--shard', `${index}/${n}`, '--by', 'checkpoints'));
      }
      assert.is(readdirSync(join(out, 'states')).length, 2 * n, 'a file and its states');
      await ok('merge', out);
      await assertNear(out, whole);
      const [found, expected] = [contentsOf(out), contentsOf(whole)];
      assert.equal(found['manifest'], expected['manifest']);
      assert.ok(found['trajectories.parquet'] === expected['trajectories.parquet']);
      assert.not(readdirSync(out).includes('states'));
      assert.equal(await eventsOf(out), await eventsOf(whole));
    }
  });
}

test.run();
