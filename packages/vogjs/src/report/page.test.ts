// Only with --all: it renders whole pages
import { seededRandom } from '@vogjs/base';
import { createRun, memoryStorage, openRun } from '@vogjs/run';
import { runSeed } from '@vogjs/testing';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { pageOf } from './page.js';

const seed = runSeed();

test(`the page of a run has each metric once, its suspects, and names with markup as text (SEED=${seed})`, async () => {
  const random = seededRandom(seed);
  const storage = memoryStorage();
  const classNames = ['<b>cat</b>', 'dog'];
  const run = await createRun(storage, { examples: 40, classNames });
  const column = { window: 'complete', hardDirection: 'high', checkpoints: 4 } as const;
  const draw = () => Float32Array.from({ length: 40 }, () => random.normal());
  await run.scores({
    ids: Array.from({ length: 40 }, (_, i) => `<i>${i}</i>`),
    labels: Int32Array.from({ length: 40 }, (_, i) => i % 2),
    predicted: Int32Array.from({ length: 40 }, () => random.integer(2)),
    scores: [
      { ...column, metric: 'vog', column: 'vog', values: draw() },
      { ...column, metric: 'vog', column: 'vog', window: 'late', values: draw() },
      { ...column, metric: 'el2n', column: 'el2n', values: draw() },
    ],
  });
  const why = 'Looks like a dog & <b>barks</b>.';
  const issue = { kind: 'label', id: '<i>3</i>', score: 0.9, flagged: true, why, suggested: 1 } as const;
  await run.issues({ summary: [], issues: [issue] });
  const page = await pageOf(await openRun(storage), 'runs/x');
  for (const metric of ['vog', 'el2n']) {
    const tabs = page.match(new RegExp(`<label[^>]*>${metric}</label>`, 'g')) ?? [];
    assert.is(tabs.length, 1, `${metric}: ${tabs.join(' ')}`);
  }
  assert.match(page, /Looks like a dog &#38; &#60;b&#62;barks/);
  assert.not.match(page, /<i>\d|<b>cat/);
});

test.run();
