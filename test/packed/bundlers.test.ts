// A page that imports VoG.js from where a package manager put it, built by each bundler, computes in a browser what the
// same program computes in Node.
// Only with --all: it installs four bundlers and every package, and drives Chromium
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { Browser } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { launchChromium } from '../browser/chromium.js';
import { inChromium } from '../browser/pages.js';
import { bundlers, PAGE } from './bundlers.js';
import { type Registry, serveRegistry } from './registry.js';
import { packedInto } from './tarballs.js';
import { removeLater, run } from './tools.js';

const HTML = (script: string) =>
  `<!doctype html><meta charset="utf-8"><title>VoG.js</title><script type="module" src="./${script}"></script>`;

const scratch = mkdtempSync(join(tmpdir(), 'vogjs-bundlers-'));
const folder = join(scratch, 'page');
const test = suite('a page built from the packages');
const claim = inChromium(test);
let local: Registry | undefined;
let browser: Browser | undefined;
/** What Node says. */
let expected = Number.NaN;

test.before(async () => {
  local = await serveRegistry(await packedInto(join(scratch, 'tarballs')));
});
test.after(async () => {
  await browser?.close();
  await local?.close();
  removeLater(scratch);
});

test('the program of the page runs in plain Node', async () => {
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'page', private: true, type: 'module' }));
  writeFileSync(join(folder, '.npmrc'), local?.npmrc ?? '');
  writeFileSync(join(folder, 'page.js'), PAGE);
  writeFileSync(join(folder, 'index.html'), HTML('page.js'));
  const names = ['vogjs', '@tensorflow/tfjs@4.22.0', '@tensorflow/tfjs-backend-wasm@4.22.0'];
  const tools = Object.values(bundlers).flatMap(({ packages }) => packages);
  const added = await run(folder, [
    'npm',
    'install',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
    ...names,
    ...tools,
  ]);
  assert.is(added.code, 0, added.output);
  const { code, stdout, output } = await run(folder, [process.execPath, 'page.js']);
  assert.is(code, 0, output);
  expected = Number(/^sum (.+)$/m.exec(stdout)?.[1]);
  assert.ok(expected > 0, output);
});

for (const [name, { files, build, script }] of Object.entries(bundlers)) {
  claim(`${name} builds it, and the page computes what Node computed`, async () => {
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
    rmSync(join(folder, 'dist'), { recursive: true, force: true });
    const [program = '', ...args] = build;
    const built = await run(folder, [join(folder, 'node_modules/.bin', program), ...args]);
    assert.is(built.code, 0, built.output);
    const dist = join(folder, 'dist');
    if (script !== undefined) writeFileSync(join(dist, 'index.html'), HTML(script));
    const sum = await sumOf(dist);
    assert.type(sum, 'number', String(sum));
    assert.ok(
      Math.abs((sum as number) - expected) <= 1e-6 * expected,
      `${String(sum)} in the page, ${expected} in Node`,
    );
    const { version } = JSON.parse(
      readFileSync(join(folder, 'node_modules', program, 'package.json'), 'utf8'),
    ) as Manifest;
    console.log(`${name} ${version}: ${String(sum)} in Chromium, ${expected} in Node ${process.versions.node}`);
  });
}
interface Manifest {
  version: string;
}

/** What the built page computed; its files are the answers to its requests, and there is nothing else. */
async function sumOf(dist: string): Promise<unknown> {
  browser ??= await launchChromium();
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  await page.route('**/*', (route) => route.fulfill({ path: join(dist, new URL(route.request().url()).pathname) }));
  await page.goto('http://page.test/index.html');
  await page
    .waitForFunction(() => 'sum' in globalThis, undefined, { timeout: 60_000 })
    .catch((error: unknown) => {
      throw new Error(`${errors.join('\n')}\n${String(error)}`);
    });
  const sum: unknown = await page.evaluate(() => (globalThis as unknown as { sum: unknown }).sum);
  await page.close();
  return sum;
}

test.run();
