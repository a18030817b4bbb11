// Only with --all: it trains a network and drives Chromium
// What `vogjs score` writes of other sets, in the explorer and as a page.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { seededRandom } from '@vogjs/base';
import { explore, type Explorer } from '@vogjs/explorer';
import { writeNpy } from '@vogjs/formats';
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
const root = fileURLToPath(new URL('../..', import.meta.url));
const [TRAINED, HELD, OTHER] = [150, 80, 60];
let browser: Browser | undefined;
let explorer: Explorer | undefined;
test.after(async () => {
  await browser?.close();
  await explorer?.close();
  rmSync(folder, { recursive: true });
});

function run(...args: string[]): void {
  const program = ['scripts/ts.mjs', 'packages/vogjs/src/main.ts'].map((path) => join(root, path));
  const { status, stderr } = spawnSync(process.execPath, [...program, ...args], { encoding: 'utf8' });
  assert.is(status, 0, stderr);
}

async function score(): Promise<void> {
  const { pixels, labels } = await fashionImages(TRAINED + HELD + OTHER);
  const write = (name: string, from: number, count: number, look: (byte: number) => number): void => {
    const data = Uint8Array.from(pixels.slice(from * 784, (from + count) * 784), look);
    writeFileSync(at(name), writeNpy({ data, shape: [count, 28, 28] }));
  };
  const random = seededRandom(1);
  write('clothes.npy', 0, TRAINED, (byte) => byte);
  write('held-out.npy', TRAINED, HELD, (byte) => byte);
  write('negatives.npy', TRAINED + HELD, OTHER, (byte) => 255 - byte);
  write('noise.npy', 0, OTHER, () => random.integer(256));
  writeFileSync(at('labels.csv'), `label\n${labels.slice(0, TRAINED).join('\n')}\n`);
  const sets = ['--ood-in', at('held-out.npy'), '--ood-out', `${at('negatives.npy')},${at('noise.npy')}`];
  const how = ['--epochs', '2', '--metrics', 'mean-loss', '--backend', 'wasm', '--out', at('runs/clothes')];
  run('score', at('clothes.npy'), '--labels', at('labels.csv'), ...sets, '--detectors', 'msp,energy,knn,vog', ...how);
}

claim('the run and its sets are in one list, and the sets lie side by side', async () => {
  await score();
  explorer = await explore(at('runs'));
  browser = await launchChromium();
  const page = await browser.newPage();
  page.setDefaultTimeout(90_000);
  const problems = problemsOf(page);
  await page.goto(explorer.link);
  const runs = page.getByRole('combobox', { name: 'Run' });
  await runs.waitFor();
  assert.equal(await runs.locator('option').allTextContents(), ['clothes', 'clothes/ood']);
  assert.is(await page.getByRole('tab', { name: 'Compare' }).count(), 0);
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
  run('report', at('runs/clothes/ood'), '--out', at('ood.html'));
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
