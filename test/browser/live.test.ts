// Only with --all: it drives Chromium
// A training that is looked at while it goes on, and two runs beside each other, in headless Chromium.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '@vogjs/base';
import { dashboard, explore, type Explorer } from '@vogjs/explorer';
import { createRun, openRun, reviewRun, type RunWriter } from '@vogjs/run';
import type { Browser } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { launchChromium } from './chromium.js';
import { faultsOf, lookAtAll, problemsOf } from './looks.js';
import { inChromium } from './pages.js';

const test = suite('live and compare in a browser');
const claim = inChromium(test);
const folder = mkdtempSync(join(tmpdir(), 'vogjs-live-page-'));
/** Pictures of what was seen go here where the variable is set. */

const EXAMPLES = 400;
const EPOCHS = 12;
const CLASSES = ['T-shirt/top', 'Trouser', 'Pullover', '<img src=x onerror=alert(1)>'];
const WINDOWS = ['early', 'middle', 'late'];
const ids = Array.from({ length: EXAMPLES }, (_, row) => `test/<b>${row}</b>.png`);
const thumbs = {
  width: 28,
  height: 28,
  channels: 1,
  count: EXAMPLES,
  read: (start: number, end: number) =>
    Uint8Array.from(
      { length: (end - start) * 784 },
      (_, at) => ((start + Math.floor(at / 784)) * 31 + (at % 28) * 6) % 256,
    ),
} as const;

/** A training as `watchTracker` tells it, an epoch at a time. */
class Training {
  readonly #run: RunWriter;
  readonly #random = seededRandom(7);
  #ranks: number[] = [];
  readonly #hardness = Array.from({ length: EXAMPLES }, () => this.#random.normal());

  private constructor(run: RunWriter) {
    this.#run = run;
  }

  static async begin(place: string): Promise<Training> {
    const run = await createRun(place, { examples: EXAMPLES, classNames: CLASSES });
    await run.thumbs(thumbs);
    await run.event('watch', { metrics: ['vog', 'mean-loss'], examples: EXAMPLES, checkpoints: 0 });
    return new Training(run);
  }

  async epoch(epoch: number): Promise<void> {
    const values = this.#hardness.map((value) => value + this.#random.normal() / (epoch + 2));
    const order = [...values.keys()].toSorted((a, b) => values[b]! - values[a]!);
    const before = this.#ranks;
    const level = 10 ** (-4 + 2 / (epoch + 1));
    const bands = [0.02, 0.2, 0.7, 2, 9].map((factor) => factor * level);
    const hardest = order.slice(0, 24).map((row) => {
      return { row, id: ids[row], label: row % 4, value: values[row], was: before[row] ?? null };
    });
    this.#ranks = Array.from({ length: EXAMPLES });
    for (const [rank, row] of order.entries()) this.#ranks[row] = rank + 1;
    const flips = order
      .slice(0, 3)
      .map((row, at) => ({ row, id: ids[row], label: row % 4, from: 390 - at, to: at + 1 }));
    await this.#run.event('standing', {
      checkpoint: epoch,
      position: { epoch, epochsCompleted: epoch + 1, step: 100 * (epoch + 1), progress: (epoch + 1) / EPOCHS },
      epochs: EPOCHS,
      window: WINDOWS[Math.floor((3 * epoch) / EPOCHS)],
      windows: WINDOWS,
      milliseconds: 210,
      watching: 1.5,
      figures: { probe: { loss: 1 / Math.sqrt(epoch + 1), accuracy: 0.86 - 0.3 / (epoch + 1) } },
      memory: { states: 63e6, process: 412e6 },
      scores: {
        columns: [
          { name: 'vog', hardDirection: 'high', scored: EXAMPLES, mean: 1.4 * level, bands },
          { name: 'mean-loss', hardDirection: 'high', scored: EXAMPLES, mean: 0.5, bands: [0.1, 0.2, 0.4, 0.7, 1.1] },
        ],
        by: 'vog',
        hardest,
        flips:
          epoch < 4
            ? null
            : { early: 'early', late: WINDOWS[Math.floor((3 * epoch) / EPOCHS)], count: 21, first: flips },
      },
    });
    const logs = {
      loss: 1.1 / Math.sqrt(epoch + 1),
      acc: 0.84 - 0.3 / (epoch + 1),
      val_loss: 0.9 / (epoch + 1) + 0.3,
      val_acc: 0.8,
    };
    await this.#run.event('logs', { epoch, logs });
  }

  async finish(): Promise<void> {
    const values = Float32Array.from(this.#hardness);
    const scores = [
      { metric: 'vog', column: 'vog', window: 'complete', hardDirection: 'high', checkpoints: EPOCHS, values } as const,
    ];
    await this.#run.scores({ ids, labels: Int32Array.from(ids, (_, row) => row % 4), scores });
    await this.#run.finish();
  }
}

let browser: Browser | undefined;
const open: Explorer[] = [];
test.after(async () => {
  await browser?.close();
  for (const explorer of open) await explorer.close();
  rmSync(folder, { recursive: true });
});

async function visit(link: string, options: Parameters<Browser['newPage']>[0] = {}) {
  browser ??= await launchChromium();
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  page.setDefaultTimeout(90_000);
  const problems = problemsOf(page);
  await page.goto(link);
  return { page, problems };
}

claim('a page follows a training, joins late, survives a reload, and becomes the gallery', async () => {
  const place = join(folder, 'live');
  const training = await Training.begin(place);
  const board = await dashboard(place);
  open.push(board);
  const early = await visit(board.link);
  await early.page.getByText('Watching 400 examples by 2 metrics').waitFor();
  await early.page.getByText('The hardest examples stand here once they have scores.').waitFor();
  for (const epoch of [0, 1, 2, 3, 4, 5, 6, 7, 8]) await training.epoch(epoch);
  await early.page
    .locator('.log')
    .getByText(/Epoch 9 of 12: loss/)
    .waitFor();
  assert.is(await early.page.locator('.hardest li').count(), 24);
  assert.is(board.pages(), 1);

  const { page, problems } = await visit(board.link);
  await page
    .locator('.log')
    .getByText(/Epoch 1 of 12: loss/)
    .waitFor();
  const loss = page.getByRole('slider', { name: 'Loss' });
  assert.match(
    (await loss.getAttribute('aria-valuetext')) ?? '',
    /training from 1\.1 to 0\.367, held out from 1\.2 to 0\.4/,
  );
  await loss.focus();
  for (const _ of [0, 1]) await page.keyboard.press('ArrowLeft');
  await page
    .locator('[aria-label="Loss"][aria-valuetext^="training 0.389"][aria-valuetext$="after epoch 8"]')
    .waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('combobox', { name: 'Score' }).selectOption('mean-loss');
  await page.getByRole('slider', { name: 'mean-loss' }).waitFor();
  await page.getByRole('combobox', { name: 'Score' }).selectOption('vog');
  await page.getByText('21 of the easy half at early are among the hardest tenth in late').waitFor();
  assert.is(await page.locator('main img').count(), 0, 'no name became an element');
  await page.waitForFunction(() => document.querySelectorAll('.hardest canvas').length === 24);
  await page.getByText('The numbers').click();
  await page.getByRole('cell', { name: '0.389' }).waitFor();
  await page.getByText('The numbers').click();
  await lookAtAll(page, 'live');

  await page.reload();
  await page
    .locator('.log')
    .getByText(/Epoch 9 of 12: loss/)
    .waitFor();
  await training.epoch(9);
  await page
    .locator('.log')
    .getByText(/Epoch 10 of 12: loss/)
    .waitFor();
  await early.page
    .locator('.log')
    .getByText(/Epoch 10 of 12: loss/)
    .waitFor();
  await training.epoch(10);
  await training.epoch(11);
  await training.finish();
  await page.locator('.hardest button').first().click();
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Training' }).click();
  await page.getByText('Took').waitFor();
  assert.equal([...problems, ...early.problems], []);
  await page.close();
  await early.page.close();
});

claim('a run without events, and one that is being written, say what there is to see', async () => {
  const run = await createRun(join(folder, 'silent'), { examples: 2 });
  const board = await dashboard(join(folder, 'silent'));
  open.push(board);
  const { page, problems } = await visit(board.link);
  await page.getByText('Waiting for the first event').waitFor();
  await run.event('checkpoint', { checkpoint: 0, milliseconds: 5, figures: { probe_loss: 1 } });
  await page.getByText('Scores are not told while this run is made').waitFor();
  await page.getByRole('button', { name: 'Gallery' }).click();
  await page.getByText('The run is being written').waitFor();
  assert.equal(await faultsOf(page), []);
  assert.equal(problems, []);
  await page.close();
});

claim('two runs stand beside each other: what was corrected, what moved, accuracy before and after', async () => {
  const place = join(folder, 'both');
  const random = seededRandom(5);
  const values = Float32Array.from({ length: EXAMPLES }, () => random.normal());
  const wrong = Array.from({ length: 20 }, (_, at) => at * 7);
  const write = async (
    name: string,
    labelOf: (row: number) => number,
    scoreOf: (row: number) => number,
    kept: number,
  ) => {
    const run = await createRun(join(place, name), { examples: kept, classNames: CLASSES });
    const rows = Array.from({ length: kept }, (_, row) => row);
    const facts = { window: 'complete', hardDirection: 'high', checkpoints: 12 } as const;
    await run.scores({
      ids: ids.slice(0, kept),
      labels: Int32Array.from(rows, labelOf),
      predicted: Int32Array.from(rows, (row) => (row % 11 === 0 ? (row + 2) % 4 : row % 4)),
      scores: ['vog', 'mean-loss'].map((metric) => {
        return { metric, column: metric, ...facts, values: Float32Array.from(rows, scoreOf) };
      }),
    });
    await run.thumbs({ ...thumbs, count: kept });
    await run.finish();
  };
  await write(
    'photos',
    (row) => (row + Number(wrong.includes(row))) % 4,
    (row) => values[row]! + (wrong.includes(row) ? 4 : 0),
    EXAMPLES,
  );
  const reviewer = await reviewRun(await openRun(join(place, 'photos')));
  await reviewer.decideAll(wrong.map((row) => ({ id: ids[row]!, decision: 'relabel', label: row % 4 })));
  await reviewer.decide({ id: ids[EXAMPLES - 1]!, decision: 'exclude' });
  await write(
    'photos-corrected',
    (row) => row % 4,
    (row) => values[row]! + random.normal() / 3 + (row === 7 ? 5 : 0),
    EXAMPLES - 1,
  );
  const explorer = await explore(place);
  open.push(explorer);
  const { page, problems } = await visit(explorer.link.replace('/#', '/?run=1&tab=compare#'));
  await page.getByRole('heading', { name: 'photos → photos-corrected' }).waitFor();
  await page.getByText(/1 gone, 1 of them excluded/).waitFor();
  const tiles = page.getByRole('region', { name: 'Corrected labels' }).getByRole('listitem');
  assert.is(await tiles.count(), 18);
  await page.getByRole('button', { name: 'Show all 20' }).click();
  assert.is(await tiles.count(), 20);
  assert.match((await tiles.first().textContent()) ?? '', /hard still/);
  await page.getByText('easy now').first().waitFor();
  await lookAtAll(page, 'compare');
  await page.getByRole('combobox', { name: 'By' }).selectOption('mean-loss');
  await page.getByText('by mean-loss, most first').first().waitFor();
  await page.getByRole('button', { name: 'Swap' }).click();
  await page.getByRole('heading', { name: 'photos-corrected → photos' }).waitFor();
  assert.match(page.url(), /other=1/);
  await page.reload();
  await page.getByRole('heading', { name: 'photos-corrected → photos' }).waitFor();
  await page.getByRole('region', { name: 'Corrected labels' }).getByRole('button').first().click();
  await page.getByRole('dialog').waitFor();
  assert.equal(problems, []);
  await page.close();
});

test.run();
