// The page of examples/browser, built and served by Vite, as a visitor meets it in headless Chromium.
// Only with --all: it drives Chromium
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { build, preview, type PreviewServer } from 'vite';
import { launchChromium } from './chromium.js';
import { fashionImages } from './fashion.js';
import { inChromium } from './pages.js';
import { pngOf } from './png.js';

const root = fileURLToPath(new URL('../../examples/browser', import.meta.url));
const test = suite('the browser example');
const claim = inChromium(test);

let folder: string | undefined;
let server: PreviewServer | undefined;
let browser: Browser | undefined;

/** A fresh page, and all it asked the network for. */
async function visit(query: string, options: Parameters<Browser['newPage']>[0] = {}) {
  if (server === undefined) {
    folder = await mkdtemp(join(tmpdir(), 'vogjs-browser-example-'));
    const outDir = join(folder, 'dist');
    await build({ root, logLevel: 'error', build: { outDir, emptyOutDir: true, minify: false } });
    server = await preview({ root, logLevel: 'error', build: { outDir }, preview: { port: 0, host: '127.0.0.1' } });
  }
  browser ??= await launchChromium();
  const page = await browser.newPage(options);
  page.setDefaultTimeout(240_000);
  const problems: string[] = [];
  const requests: string[] = [];
  page.on('pageerror', ({ message }) => problems.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('request', (request) => requests.push(request.url()));
  const address = server.resolvedUrls!.local[0]!;
  await page.goto(address + query);
  await page.waitForSelector('[data-phase=ready]');
  return { page, problems, requests, origin: new URL(address).origin };
}

async function train(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Train on Fashion-MNIST' }).click();
  await page.waitForSelector('[data-phase=done], [data-phase=failed]');
  assert.is(await page.getAttribute('.progress', 'data-phase'), 'done', (await page.textContent('.progress')) ?? '');
}

// A software driver for WebGL compiles every shader for every shape: one batch and one chunk of one size there.
for (const { backend, images, epochs } of [
  { backend: 'wasm', images: 300, epochs: 3 },
  { backend: 'webgl', images: 20, epochs: 2 },
]) {
  claim(`${backend}: it trains in the tab, shows both ends live, and asks no other address for anything`, async () => {
    const { page, problems, requests, origin } = await visit(`?backend=${backend}&images=${images}&epochs=${epochs}`);
    assert.is(await page.getByRole('radio', { name: backend }).isChecked(), true);
    assert.match((await page.textContent('.why')) ?? '', /as the address asks/);
    await train(page);
    assert.is(await page.locator('section[aria-labelledby=hardest-title] .gallery li').count(), Math.min(24, images));
    assert.is(await page.locator('section[aria-labelledby=easiest-title] .gallery li').count(), 12);
    // 5 % are planted: by chance 1.2 of them would be among 24.
    const flagged = await page.locator('section[aria-labelledby=hardest-title] .flagged').count();
    if (backend === 'wasm') {
      assert.ok(flagged >= 5, `${flagged} planted labels among the hardest 24`);
      assert.is(await page.locator('section[aria-labelledby=easiest-title] .flagged').count(), 0);
    }

    await page.locator('.gallery button').first().click();
    await page.waitForSelector('dialog[open] circle.own');
    assert.match(
      (await page.getAttribute('dialog svg', 'aria-label')) ?? '',
      new RegExp(`^VoG after epochs 2 to ${epochs}: ([\\d.e-]+(, )?){${epochs - 1}}\\. Median`),
    );
    await page.waitForFunction(() =>
      /The network says.*\d+ %\)/.test(document.querySelector('dialog dl')?.textContent ?? ''),
    );
    const elsewhere = requests.filter((url) => !/^(data|blob):/.test(url) && new URL(url).origin !== origin);
    assert.equal(elsewhere, []);
    assert.ok(requests.length > 3);
    assert.equal(problems, []);
    await page.close();
  });
}

claim('its policy lets the browser itself refuse every other address', async () => {
  const { page } = await visit('?backend=wasm');
  const refusal = await page.evaluate(async () => {
    const violated = new Promise<string>((resolve) =>
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => resolve(effectiveDirective)),
    );
    const answer = await fetch('http://127.0.0.1:9/').then(
      () => 'answered',
      () => 'refused',
    );
    return [answer, await violated];
  });
  assert.equal(refusal, ['refused', 'connect-src']);
  await page.close();
});

claim('a folder of images trains: its folders are the classes, and what is no image is named', async () => {
  const { page, problems } = await visit('?backend=wasm&epochs=3');
  const { pixels, labels } = await fashionImages(120);
  const names: Record<number, string> = { 1: 'trouser', 9: 'boot', 8: 'bag' };
  const files = labels.flatMap((label, i) => {
    const name = names[label];
    if (name === undefined) return [];
    return [
      { path: `clothes/${name}/${i}.png`, base64: pngOf(pixels.slice(i * 784, (i + 1) * 784), 28).toString('base64') },
    ];
  });
  const count = files.length;
  files.push({ path: 'clothes/notes.txt', base64: '' }, { path: 'clothes/bag/broken.png', base64: 'AAAA' });
  // A folder picker cannot be driven: its files are handed to the input as a picker would.
  await page.evaluate((chosen) => {
    const list = chosen.map(({ path, base64 }) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const file = new File([bytes], path.split('/').at(-1)!);
      Object.defineProperty(file, 'webkitRelativePath', { value: path });
      return file;
    });
    const input = document.querySelector<HTMLInputElement>('input[type=file]')!;
    // The page empties the input after it has read it.
    Object.defineProperty(input, 'files', { value: list, configurable: true });
    Object.defineProperty(input, 'value', { value: '', writable: true });
    input.dispatchEvent(new Event('change', { bubbles: true }));
  }, files);
  await page.waitForSelector('[data-phase=done], [data-phase=failed]');
  const progress = (await page.textContent('.progress')) ?? '';
  assert.match(progress, /Done\..*1 file is no image in a folder.*1 image could not be decoded/);
  assert.match((await page.textContent('.figures')) ?? '', new RegExp(`all ${count} examples`));
  assert.match((await page.textContent('.gallery')) ?? '', /(trouser|boot|bag)/);
  assert.is(await page.locator('.gallery .flagged').count(), 0, 'nothing is planted among one’s own images');
  assert.equal(problems, []);
  await page.close();
});

claim('it can be used by keyboard alone, on a phone, in the dark', async () => {
  const { page, problems } = await visit('?backend=wasm&images=300&epochs=3', {
    viewport: { width: 390, height: 844 },
    colorScheme: 'dark',
  });
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
  await page.keyboard.press('Tab');
  assert.match(await focused(), /Skip/);
  for (let presses = 0; presses < 12 && !(await focused()).startsWith('Train'); presses++)
    await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-phase=done]');
  for (let presses = 0; presses < 12; presses++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(() => document.activeElement?.closest('.gallery') !== null)) break;
  }
  await page.keyboard.press('Enter');
  await page.waitForSelector('dialog[open]');
  await page.keyboard.press('Escape');
  await page.waitForSelector('dialog[open]', { state: 'detached' });
  const facts = await page.evaluate(() => ({
    overflow: document.documentElement.scrollWidth - innerWidth,
    dark: getComputedStyle(document.body).backgroundColor,
    small: [...document.querySelectorAll('button')]
      .map((button) => button.getBoundingClientRect().height)
      .filter((height) => height > 0 && height < 40).length,
  }));
  assert.equal(facts, { overflow: 0, dark: 'rgb(20, 20, 22)', small: 0 });
  assert.equal(problems, []);
  await page.close();
});

test.after(async () => {
  await browser?.close();
  await server?.close();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});
test.run();
