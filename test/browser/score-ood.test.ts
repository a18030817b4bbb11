// Only with --all: it drives Chromium
// Sets that lie beside a run, as `vogjs score` writes them, in the explorer and as a page.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { seededRandom } from '@vogjs/base';
import { explore, type Explorer } from '@vogjs/explorer';
import { createRun } from '@vogjs/run';
import { type OodSetToRecord, recordOod } from '@vogjs/run/record';
import { runCommandLine } from 'vogjs/internals';
import type { Browser } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { launchChromium } from './chromium.js';
import { fashionImages } from './fashion.js';
import { lookAtAll, problemsOf } from './looks.js';
import { inChromium } from './pages.js';

const test = suite('sets beside the data of vogjs score, in a browser');
const claim = inChromium(test);
const folder = mkdtempSync(join(tmpdir(), 'vogjs-score-ood-'));
const at = (name: string): string => join(folder, name);
const [HELD, OTHER] = [80, 60];
let browser: Browser | undefined;
let explorer: Explorer | undefined;
test.after(async () => {
  await browser?.close();
  await explorer?.close();
  rmSync(folder, { recursive: true });
});

/** A run of the clothes, and beside it two sets that are less like them the later they come. */
async function write(): Promise<void> {
  const { pixels, labels } = await fashionImages(HELD);
  const random = seededRandom(1);
  const set = (name: string, size: number, away: number, look: (byte: number) => number): OodSetToRecord => {
    const draw = (mean: number): number[] => Array.from({ length: size }, () => mean + random.normal());
    return {
      name,
      scores: {
        energy: { values: draw(3 - away), oodDirection: 'low', detector: 'energy' },
        vog: { values: draw(-1 - away / 2), oodDirection: 'low', detector: 'vog', checkpoints: 12 },
      },
      predictions: Array.from({ length: size }, (_, row) => row % 10),
      images: { data: Uint8Array.from(pixels.slice(0, size * 784), look), shape: [size, 28, 28, 1], range: [0, 255] },
    };
  };
  const run = await createRun(at('runs/clothes'), { examples: HELD });
  const ids = Array.from({ length: HELD }, (_, row) => row);
  const values = Float32Array.from(ids, () => random.normal());
  const column = { metric: 'vog', column: 'vog', window: 'complete', hardDirection: 'high', checkpoints: 12 } as const;
  await run.scores({ ids, labels: Int32Array.from(labels), scores: [{ ...column, values }] });
  await run.finish();
  await recordOod(at('runs/clothes/ood'), {
    in: set('held-out', HELD, 0, (byte) => byte),
    out: [set('negatives', OTHER, 1, (byte) => 255 - byte), set('noise', OTHER, 3, () => random.integer(256))],
  });
}

claim('the run and its sets are in one list, and the sets lie side by side', async () => {
  await write();
  explorer = await explore(at('runs'));
  browser = await launchChromium();
  const page = await browser.newPage();
  page.setDefaultTimeout(90_000);
  const problems = problemsOf(page);
  await page.goto(explorer.link);
  const runs = page.getByRole('combobox', { name: 'Run' });
  await runs.waitFor();
  assert.equal(await runs.locator('option').allTextContents(), ['clothes', 'clothes/ood']);
  assert.is(await page.getByRole('button', { name: 'Compare' }).count(), 0);
  await runs.selectOption({ label: 'clothes/ood' });
  await page.getByText('Sets', { exact: true }).click();
  for (const name of ['held-out', 'negatives', 'noise']) {
    await page.getByRole('region', { name, exact: true }).waitFor();
  }
  await lookAtAll(page, 'score-ood', {
    ready: () =>
      page
        .getByText(/AUROC .* \[/)
        .last()
        .waitFor(),
  });
  assert.equal(problems, []);
  await page.close();
});

claim('the page of the sets shows them with their pictures', async () => {
  assert.is(await runCommandLine(['report', at('runs/clothes/ood'), '--out', at('ood.html')]), 0);
  const page = await browser!.newPage();
  const problems = problemsOf(page);
  await page.goto(pathToFileURL(at('ood.html')).href);
  for (const name of ['Out of distribution: negatives', 'Out of distribution: noise']) {
    await page.getByRole('heading', { name, exact: true }).waitFor();
  }
  const pictures = page.locator('.gallery img');
  assert.ok((await pictures.count()) > 10);
  const blank = await pictures.evaluateAll((all) =>
    all.filter((each) => (each as HTMLImageElement).naturalWidth === 0),
  );
  assert.equal(blank, []);
  await lookAtAll(page, 'score-ood-report');
  assert.equal(problems, []);
  await page.close();
});

test.run();
