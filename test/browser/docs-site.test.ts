// Only with --all: it builds the site, and drives Chromium
// The site as a visitor meets it: every page is there, search finds, the page to try it starts, nothing overflows.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { preview, type PreviewServer } from 'vite';
import { launchChromium } from './chromium.js';
import { assertFits, faultsOf, picture } from './looks.js';
import { inChromium } from './pages.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const dist = join(root, 'site/dist');
const test = suite('the site');
const claim = inChromium(test);

let server: PreviewServer | undefined;
let browser: Browser | undefined;
test.after(async () => {
  await browser?.close();
  await server?.close();
});

test('it builds, without a link to a page or place that is not there', () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'scripts/ts.mjs'), join(root, 'test/site/main.ts')],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  assert.is(status, 0, stdout + stderr);
});

test('every page of docs is in it and led to by the menu or the list of pages, and every command and package has its reference', () => {
  const pages = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.md'),
  );
  assert.ok(pages.length > 40);
  for (const page of pages.filter((name) => name !== 'index.md')) {
    assert.ok(existsSync(join(dist, page.replace(/md$/, 'html'))), page);
  }
  const commands = readFileSync(join(dist, 'reference/commands.html'), 'utf8');
  for (const name of ['score', 'explore', 'export', 'worker', 'doctor']) assert.match(commands, `vogjs ${name}`);
  const packages = readdirSync(join(root, 'packages')).filter((name) => name !== 'testing');
  for (const name of packages) assert.ok(existsSync(join(dist, `reference/api/${name}.html`)), name);
  const menu = readFileSync(join(dist, 'start.html'), 'utf8');
  const all = readFileSync(join(dist, 'pages.html'), 'utf8');
  for (const page of pages.filter((name) => name !== 'index.md')) {
    const link = page.replace(/md$/, 'html');
    assert.ok(menu.includes(link) || all.includes(link), `nothing leads to ${page}`);
  }
});

async function visit(path: string, options: Parameters<Browser['newPage']>[0] = {}): Promise<Page> {
  server ??= await preview({
    root: dist,
    logLevel: 'error',
    build: { outDir: dist },
    preview: { port: 0, host: '127.0.0.1' },
  });
  browser ??= await launchChromium();
  const page = await browser.newPage(options);
  page.setDefaultTimeout(60_000);
  await page.goto(new URL(path, server.resolvedUrls!.local[0]).href);
  return page;
}

claim('search finds a page by a word of its text', async () => {
  const page = await visit('start.html');
  await page.locator('.VPNavBarSearch button').first().click();
  await page.getByRole('searchbox').fill('relativeMahalanobis');
  const result = page.locator('#localsearch-list [role=option] a').first();
  await result.waitFor();
  await result.click();
  await page.waitForURL(/ood|coming-from|api/);
  await page.close();
});

claim('the page to try it is reached from the landing page, and starts', async () => {
  const page = await visit('index.html');
  await page.getByRole('link', { name: 'Try it in this page' }).click();
  await page.waitForSelector('[data-phase=ready]');
  assert.match(page.url(), /\/try\//);
  await page.close();
});

/** What is looked at: a page, a width and a scheme. Wide and light, narrow and dark are the two that differ most. */
const LOOKS = [
  ['landing', 'index.html', 1280, 'light'],
  ['landing', 'index.html', 390, 'dark'],
  ['start', 'start.html', 1280, 'dark'],
  ['start', 'start.html', 390, 'light'],
  ['commands', 'reference/commands.html', 390, 'dark'],
  ['trouble', 'troubleshooting.html', 1280, 'light'],
] as const;

for (const [name, path, width, colorScheme] of LOOKS) {
  claim(`${name}, ${width} wide and ${colorScheme}: nothing overflows, and axe finds nothing`, async () => {
    const page = await visit(path, { viewport: { width, height: 900 }, colorScheme });
    await picture(page, `site-${name}-${width}-${colorScheme}`);
    await assertFits(page, name);
    assert.equal(await faultsOf(page), []);
    await page.close();
  });
}

test.run();
