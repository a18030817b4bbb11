// A tracker in a page: the scores of Node on the same weights, and a page that can breathe while fit trains.
// Only with --all: it drives Chromium
import { selectBackend } from '@vogjs/core/node';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SEED } from '@vogjs/testing';
import { fashionImages } from './fashion.js';
import type { ScoreTests } from './page/scores.js';
import { inChromium, Pages } from './pages.js';
import { scoresOf } from './scoring.js';

declare const tests: ScoreTests;

const pages = new Pages('scores.ts');
const test = suite(`a tracker in a page (seed ${SEED})`);
const claim = inChromium(test);

// A software driver for WebGPU takes minutes on a busy machine: only where everything is asked for.
const backends =
  process.env['VOGJS_BROWSER_ZOO'] === 'all' ? (['wasm', 'webgl', 'webgpu'] as const) : (['wasm', 'webgl'] as const);
for (const backend of backends) {
  claim(`scores on ${backend} in a page = scores in Node, on the same weights`, async () => {
    // Two chunks of one size: a software driver compiles every shader anew for every shape.
    const images = await fashionImages(20);
    await selectBackend('wasm');
    const here = await scoresOf(images, SEED);
    const page = await pages.on(backend);
    const there = await page.evaluate(([some, seed]) => tests.scoresOf(some, seed), [images, SEED] as const);
    assert.equal(Object.keys(there), Object.keys(here));
    for (const [metric, values] of Object.entries(here)) {
      assert.ok(values.every(Number.isFinite) && new Set(values).size > 10, metric);
      const largest = Math.max(...values.map(Math.abs));
      const error = Math.max(...values.map((value, i) => Math.abs(value - there[metric]![i]!))) / largest;
      console.log(`  ${backend}, ${metric}: largest difference ${error.toExponential(1)} of the largest score`);
      assert.ok(error < 1e-5, `${metric}: ${error}, SEED=${SEED}`);
    }
  });
}

claim('the page can do something else after every batch and every chunk of fit', async () => {
  const images = await fashionImages(96);
  const page = await pages.on('wasm');
  const alone = await page.evaluate((some) => tests.fit(some, null), images);
  const idle = await page.evaluate((some) => tests.fit(some, 'idle callback'), images);
  const tracked = await page.evaluate((some) => tests.fit(some, 16), images);
  const figures = Object.entries({ alone, 'beside a callback that does nothing': idle, 'beside a tracker': tracked });
  for (const [name, { longest, milliseconds }] of figures) {
    console.log(`  fit ${name}: blocked for ${Math.round(longest)} ms at a time, of ${Math.round(milliseconds)} ms`);
  }
  const { beatsPerBatch, beatsPerCheckpoint, chunks } = tracked;
  assert.is(beatsPerBatch.length, 4, 'two epochs of three batches of 32');
  assert.ok(Math.min(...beatsPerBatch) >= 1, `turns of the event loop between batches: ${beatsPerBatch.join(', ')}`);
  assert.is(beatsPerCheckpoint.length, 2);
  assert.ok(Math.min(...beatsPerCheckpoint) >= chunks - 1, `${beatsPerCheckpoint.join(', ')} in ${chunks} chunks`);
});

test.after(() => pages.close());
test.run();
