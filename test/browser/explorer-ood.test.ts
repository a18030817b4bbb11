// Only with --all: it drives Chromium
// An out-of-distribution evaluation in the explorer: sets side by side, a threshold with its rates, and the mistakes.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '@vogjs/base';
import { explore, type Explorer } from '@vogjs/explorer';
import { evaluateOod } from '@vogjs/ood/evaluation';
import { openRun } from '@vogjs/run';
import { recordOod } from '@vogjs/run/record';
import type { Browser } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { launchChromium } from './chromium.js';
import { assertFits, faultsOf, picture, problemsOf } from './looks.js';
import { inChromium } from './pages.js';

const test = suite('an out-of-distribution run in a browser');
const claim = inChromium(test);
const folder = mkdtempSync(join(tmpdir(), 'vogjs-ood-page-'));
const place = join(folder, 'run');

const random = seededRandom(3);
const draw = (size: number, mean: number): number[] => Array.from({ length: size }, () => mean + random.normal());
const detectors = (size: number, away: number) => ({
  energy: { values: draw(size, 3 - away), oodDirection: 'low' as const, detector: 'energy' },
  distance: { values: draw(size, 1 + away / 2), oodDirection: 'high' as const, detector: 'knn' },
});
const images = (size: number, step: number) => ({
  data: Uint8Array.from({ length: size * 784 }, (_, at) => (at * step + Math.floor(at / 784) * 13) % 256),
  shape: [size, 28, 28, 1] as const,
  range: [0, 255] as const,
});
const ood = {
  in: {
    name: 'Clothes',
    scores: detectors(500, 0),
    labels: Array.from({ length: 500 }, (_, row) => row % 2),
    images: images(500, 3),
  },
  out: [
    { name: 'Digits', scores: detectors(300, 1), images: images(300, 7) },
    { name: '<b>Noise</b>', scores: detectors(200, 4), images: images(200, 101) },
  ],
};

let browser: Browser | undefined;
let explorer: Explorer | undefined;
test.after(async () => {
  await browser?.close();
  await explorer?.close();
  rmSync(folder, { recursive: true });
});

async function visit(query: string, options: Parameters<Browser['newPage']>[0] = {}) {
  if (explorer === undefined) {
    await recordOod(place, ood, { classNames: ['shirt', 'shoe'] });
    explorer = await explore(place);
  }
  browser ??= await launchChromium();
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  page.setDefaultTimeout(90_000);
  const problems = problemsOf(page);
  await page.goto(explorer.link.replace('/#', `/${query}#`));
  return { page, problems };
}

claim('sets lie side by side, and the figures are those of the evaluation', async () => {
  const { page, problems } = await visit('?tab=ood');
  const table = await (await openRun(place)).scores();
  const values = await table.values('energy');
  const noise = page.getByRole('region', { name: '<b>Noise</b>', exact: true });
  const { auroc, thresholds, fprAtTpr } = evaluateOod(values.subarray(0, 500), values.subarray(800), {
    oodDirection: 'low',
  });
  await noise.getByText(new RegExp(`AUROC ${auroc.toFixed(3)} \\[\\d\\.\\d+, \\d\\.\\d+\\]`)).waitFor();
  const let_ = Math.round(fprAtTpr * 200);
  await noise.getByText(new RegExp(`Let in ${let_} of 200: FPR`)).waitFor();
  await page
    .getByRole('region', { name: 'Clothes', exact: true })
    .getByText(/Let in 475 of 500: TPR \.95 \[/)
    .waitFor();
  const kept = page.getByRole('region', { name: /Clothes, kept out 25 mistakes/ });
  assert.is(await kept.getByRole('listitem').count(), 24);
  assert.is(await page.locator('main b').count(), 0, 'no name became an element');
  // The worst of them first.
  const worst = values.subarray(0, 500).indexOf(Math.min(...values.subarray(0, 500)));
  await kept
    .getByRole('button', { name: new RegExp(`Clothes/${worst} `) })
    .first()
    .waitFor();
  assert.ok(Number.isFinite(thresholds.atTpr));
  assert.equal(await faultsOf(page), []);
  assert.equal(problems, []);
  await page.close();
});

claim('a threshold moves by keys, its rates follow, and the mistakes go on to the gallery', async () => {
  const { page, problems } = await visit('?tab=ood&detector=distance');
  const slider = page.getByRole('slider', { name: 'Threshold of distance' });
  await slider.press('Home');
  // All lies beyond the in-distribution end but what is further in.
  await page
    .getByRole('region', { name: 'Clothes', exact: true })
    .getByText(/Let in [0-9] of 500/)
    .waitFor();
  for (let step = 0; step < 5; step++) await slider.press('PageUp');
  assert.match((await slider.getAttribute('aria-valuetext')) ?? '', /lets in .* of Clothes, .* of Digits/);
  await page.getByRole('button', { name: 'Least error, Digits' }).click();
  const digits = page.getByRole('region', { name: /Digits, let in/ });
  const count = Number(/let in (\d+) mistakes/.exec((await digits.getByRole('heading').textContent()) ?? '')?.[1]);
  assert.ok(count > 0 && count < 300, String(count));
  await digits.getByRole('button', { name: 'All in the gallery' }).click();
  await page.getByRole('heading', { name: `${count} of 1,000 shown` }).waitFor();
  assert.is(await page.getByRole('checkbox', { name: 'Digits' }).isChecked(), true);
  await page.goBack();
  await digits.getByRole('listitem').first().getByRole('button').click();
  await page
    .getByRole('dialog')
    .getByRole('heading', { level: 2, name: /^Digits\// })
    .waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  assert.equal(problems, []);
  await page.close();
});

claim('on a phone, light and dark, nothing overflows and axe finds nothing; a damaged list is told', async () => {
  for (const width of [1280, 390]) {
    const { page } = await visit('?tab=ood', { viewport: { width, height: 844 } });
    await page
      .getByText(/AUROC .* \[\d/)
      .last()
      .waitFor();
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      assert.equal(await faultsOf(page), [], `${colorScheme} ${width}`);
      await assertFits(page, String(width));
      await picture(page, `ood-${width}-${colorScheme}`, true);
    }
    await page.close();
  }
  writeFileSync(join(place, 'ood.json'), '{"version":1,"detectors":["energy"],"sets":[]}');
  const { page } = await visit('');
  await page.getByRole('alert').filter({ hasText: 'ood.json' }).waitFor();
  await page.locator('.tile').first().waitFor();
  await page.close();
});

test.run();
