// Ten kills on cpu and on wasm, five where starting takes long; more with `node scripts/ts.mjs test/crash/main.ts --kills 1000`.
// Only with --all: it kills and resumes trainings for a minute or two
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SEED, withSeed } from '@vogjs/testing';
import { testBackends } from '../support/backend.js';
import { crash } from './crash.js';

const test = suite('crash');

for (const backend of testBackends()) {
  const kills = backend === 'cpu' || backend === 'wasm' ? 10 : 5;
  test(`${backend}: a training killed ${kills} times at random moments loses no save that had resolved, and no digit`, () =>
    withSeed(async () => {
      const report = await crash({ kills, backend, seed: SEED, killsPerRun: 5 });
      assert.equal(report.losses, []);
      assert.is(report.kills, kills);
      assert.is(report.strays, 0, 'temporary files of the dead stay');
      assert.ok(report.saves > report.runs, 'hardly anything was saved: the kills tell nothing');
    }));
}

test.run();
