// Only with --all: it drives Chromium
// The training of examples/browser, watched in a second tab and in the page itself, over a BroadcastChannel.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { build, preview, type PreviewServer } from 'vite';
import { launchChromium } from './chromium.js';
import { faultsOf, lookAtAll } from './looks.js';
import { inChromium } from './pages.js';

const root = fileURLToPath(new URL('../../examples/browser', import.meta.url));
const test = suite('the live view of a page');
const claim = inChromium(test);
/** Pictures of what was seen go here where the variable is set. */

const problems: string[] = [];
let folder: string | undefined;
let server: PreviewServer | undefined;
let context: BrowserContext | undefined;

async function visit(path: string): Promise<Page> {
  if (server === undefined) {
    folder = await mkdtemp(join(tmpdir(), 'vogjs-live-example-'));
    const outDir = join(folder, 'dist');
    await build({ root, logLevel: 'error', build: { outDir, emptyOutDir: true, minify: false } });
    server = await preview({ root, logLevel: 'error', build: { outDir }, preview: { port: 0, host: '127.0.0.1' } });
  }
  // One context: channels reach the tabs of one visitor.
  context ??= await (await launchChromium()).newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  page.on('pageerror', ({ message }) => problems.push(message));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  await page.goto(server.resolvedUrls!.local[0]! + path);
  return page;
}

/** How many epochs there are is known from the first standing on, or from the first position. */
const toldEpoch = (page: Page, epoch: number) =>
  page.locator('.log').getByText(new RegExp(`^Epoch ${epoch}( of 6)?: loss`));

/** Whether each of the hardest has a picture with more than one colour in it. */
async function isDrawn(page: Page): Promise<boolean> {
  const colours = await page
    .locator('.hardest canvas')
    .evaluateAll((canvases) =>
      (canvases as HTMLCanvasElement[]).map(
        (canvas) => new Set(canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height).data).size,
      ),
    );
  return colours.length === 24 && colours.every((count) => count > 2);
}

claim('a second tab shows the training of the first: early, late, and after a reload', async () => {
  const early = await visit('live.html');
  await early.getByText('Nobody tells of a training on the channel “vogjs” yet.').waitFor();
  assert.equal(await faultsOf(early), []);
  const training = await visit('?backend=wasm&images=300&epochs=6');
  await training.waitForSelector('[data-phase=ready]');
  await training.getByRole('button', { name: 'Train on Fashion-MNIST' }).click();
  await early.getByText('Watching 300 examples by 3 metrics').waitFor();
  await toldEpoch(early, 2).waitFor();

  const late = await visit('live.html');
  await toldEpoch(late, 1).waitFor();
  await toldEpoch(late, 2).waitFor();
  await late.reload();
  await toldEpoch(late, 1).waitFor();

  // The page itself, beside its own galleries.
  await training.getByText('Live view: curves').click();
  await toldEpoch(training, 1).waitFor();
  await training.waitForSelector('[data-phase=done]');
  for (const page of [early, late, training]) await toldEpoch(page, 6).waitFor();
  const lines = (page: Page) => page.locator('.log li span:last-child').allTextContents();
  await late.getByText('Checkpoint 6 scored').waitFor();
  await early.getByText('Checkpoint 6 scored').waitFor();
  assert.equal(await lines(late), await lines(early));
  assert.is(await late.locator('.hardest li').count(), 24);
  for (const page of [early, late]) {
    for (let tries = 0; tries < 1200 && !(await isDrawn(page)); tries++) await page.waitForTimeout(50);
    assert.ok(await isDrawn(page), 'every one of the hardest has its picture');
  }
  assert.match(
    (await late.getByRole('slider', { name: 'Loss', exact: true }).getAttribute('aria-valuetext')) ?? '',
    /^training from/,
  );
  await lookAtAll(late, 'page-live');
  assert.equal(await faultsOf(training), []);

  // An example opens where the page has something to open it in.
  assert.is(await late.locator('.hardest button').count(), 0);
  await training.locator('.live-place .hardest button').first().click();
  await training.waitForSelector('dialog[open]');
  await training.keyboard.press('Escape');

  // A reload after the end, too; and when the page that trained is closed, its views keep what they have.
  await early.reload();
  await toldEpoch(early, 6).waitFor();
  await training.close();
  await early.getByText('The page that trains was closed').waitFor();
  assert.equal(await lines(early), await lines(late));
  assert.equal(problems, []);
  await early.close();
  await late.close();
});

claim('a second training on the channel begins anew in the views that are open', async () => {
  const view = await visit('live.html');
  const training = await visit('?backend=wasm&images=100&epochs=6');
  await training.waitForSelector('[data-phase=ready]');
  const button = training.getByRole('button', { name: 'Train on Fashion-MNIST' });
  for (const _ of [1, 2]) {
    await training.evaluate(() => {
      // The page remembers that it trained: nobody may look while it does.
      let hasBegun = false;
      const trained = new Promise<void>((resolve) => {
        const watch = new MutationObserver(() => {
          const phase = document.querySelector('[data-phase]')?.getAttribute('data-phase') ?? '';
          hasBegun ||= phase === 'loading' || phase === 'training';
          if (hasBegun && phase === 'done') resolve();
        });
        watch.observe(document.body, { subtree: true, attributes: true, childList: true });
      });
      Object.assign(globalThis, { trained });
    });
    await button.click();
    await training.evaluate(() => (globalThis as unknown as { trained: Promise<void> }).trained);
    await view.getByText('Watching 100 examples').waitFor();
    await toldEpoch(view, 6).waitFor();
    assert.is(await toldEpoch(view, 1).count(), 1);
  }
  assert.equal(problems, []);
});

test.after(async () => {
  await context?.browser()?.close();
  await server?.close();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});
test.run();
