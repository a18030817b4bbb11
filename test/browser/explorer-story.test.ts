// Only with --all: it trains twice and drives Chromium
// The whole loop as people go it: planted wrong labels are found by keyboard, corrected over a killed server, given back,
// trained on again, and both runs compared.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { writeNpy } from '@vogjs/formats';
import { applyCorrections, openRun } from '@vogjs/run';
import type { Browser, Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { launchChromium } from './chromium.js';
import { fashionImages } from './fashion.js';
import { inChromium } from './pages.js';

const test = suite('the explorer, from wrong labels to better ones');
const claim = inChromium(test);
const folder = mkdtempSync(join(tmpdir(), 'vogjs-story-'));
const root = fileURLToPath(new URL('../../', import.meta.url));

const CLASSES = ['bag', 'boot', 'trouser'];
/** Their numbers in Fashion-MNIST. */
const NUMBERS = [8, 9, 1];
const EXAMPLES = 400;
/** Every tenth label is planted wrong. */
const isPlanted = (row: number): boolean => row % 10 === 4;
const TO_CORRECT = 20;

const started = new Set<ChildProcess>();
let browser: Browser | undefined;
test.after(async () => {
  await browser?.close();
  for (const child of started) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** The command line in a process of its own, in the folder of the story. */
function vogjs(args: readonly string[]): ChildProcess {
  const loader = ['--conditions=@vogjs/source', '--import', import.meta.resolve('tsx')];
  const child = spawn(process.execPath, [...loader, join(root, 'packages/vogjs/src/main.ts'), ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TSX_TSCONFIG_PATH: join(root, 'tsconfig.base.json') },
  });
  started.add(child);
  child.on('close', () => started.delete(child));
  return child;
}

/** What it prints, until that matches or it ends. */
function printed(child: ChildProcess, until: RegExp | null = null): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (more: string) => {
        text += more;
        if (until?.test(text) === true) resolve(text);
      });
    }
    child.on('close', () => resolve(text));
  });
}

/** Writes pictures and labels. @returns what is true, and what is given */
async function writeData(): Promise<{ truth: Int32Array; given: Int32Array; ids: string[] }> {
  const { pixels, labels } = await fashionImages(1600);
  const chosen = labels.flatMap((label, at) => (NUMBERS.includes(label) ? [at] : [])).slice(0, EXAMPLES);
  const truth = Int32Array.from(chosen, (at) => NUMBERS.indexOf(labels[at]!));
  const given = truth.map((label, row) => (isPlanted(row) ? (label + 1) % CLASSES.length : label));
  const data = Uint8Array.from(chosen.flatMap((at) => pixels.slice(at * 784, (at + 1) * 784)));
  writeFileSync(join(folder, 'clothes.npy'), writeNpy({ data, shape: [EXAMPLES, 28, 28] }));
  const ids = chosen.map((at) => `clothes-${at}`);
  const lines = ids.map((id, row) => `${id},${CLASSES[given[row]!]}`);
  writeFileSync(join(folder, 'labels.csv'), `id,label\n${lines.join('\n')}\n`);
  return { truth, given, ids };
}

async function open(link: string): Promise<Page> {
  browser ??= await launchChromium();
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(60_000);
  await page.goto(link.replace('/#', '/?tab=review#'));
  await page.waitForSelector('.review h2.example');
  return page;
}

async function serve(port: number | null): Promise<{ server: ChildProcess; link: string; port: number }> {
  const server = vogjs(['explore', 'runs', ...(port === null ? [] : ['--port', String(port)])]);
  const text = await printed(server, /http\S+/);
  const [link = '', own = ''] = /http:\/\/127\.0\.0\.1:(\d+)\S+/.exec(text) ?? [];
  assert.match(link, /token/, text);
  return { server, link, port: Number(own) };
}

claim(
  'planted wrong labels are corrected by keyboard, over a killed server, and the next run is of better labels',
  async () => {
    const { truth, given, ids } = await writeData();
    const asked = ['score', 'clothes.npy', '--labels', 'labels.csv', '--epochs', '3', '--metrics', 'vog,aum,mean-loss'];
    const scored = await printed(vogjs([...asked, '--backend', 'wasm', '--out', 'runs/first']));
    assert.match(scored, /labels are probably wrong/, scored);

    let { server, link, port } = await serve(null);
    let page = await open(link);
    const done = { corrected: 0, looked: 0 };
    /** Decides about what is shown as somebody who sees the picture: Enter, 1, or the class by its name. */
    const decide = async (): Promise<void> => {
      const heading = page.locator('.review h2.example');
      const id = ((await heading.textContent()) ?? '').split(' ')[0] ?? '';
      const row = ids.indexOf(id);
      assert.ok(row >= 0, id);
      if (given[row] === truth[row]) await page.keyboard.press('Enter');
      else {
        await page.keyboard.press('/');
        await page.keyboard.type(CLASSES[truth[row]!]!);
        await page.keyboard.press('Enter');
        done.corrected++;
      }
      done.looked++;
      await page
        .locator('.review .progress strong')
        .first()
        .filter({ hasText: String(done.looked) })
        .waitFor();
    };
    while (done.corrected < TO_CORRECT / 2) await decide();

    server.kill('SIGKILL');
    await new Promise((resolve) => server.once('close', resolve));
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'does not answer' }).waitFor();
    await page.close();
    ({ server, link, port } = await serve(port));
    page = await open(link);
    await page
      .locator('.review .progress strong')
      .first()
      .filter({ hasText: String(done.looked) })
      .waitFor();
    while (done.corrected < TO_CORRECT) await decide();
    assert.ok(done.looked <= 2 * TO_CORRECT, `${done.looked} were looked at to find ${done.corrected} wrong ones`);

    await page.locator('summary', { hasText: 'Give back' }).click();
    const arrives = page.waitForEvent('download');
    await page.getByRole('button', { name: 'corrections', exact: true }).click();
    const file = join(folder, 'downloaded.csv');
    await (await arrives).saveAs(file);
    await page.getByRole('button', { name: /Write corrections/ }).click();
    await page.getByText(new RegExp(`${done.looked} written to`)).waitFor();
    const corrections = readFileSync(join(folder, 'runs/first/corrections.csv'), 'utf8');
    assert.is(readFileSync(file, 'utf8'), corrections, 'what is downloaded is what is written');
    const applied = applyCorrections(given, corrections, { ids, classNames: CLASSES });
    const wrong = (labels: ArrayLike<number>): number => truth.filter((label, row) => label !== labels[row]).length;
    assert.equal([wrong(given), wrong(applied.labels)], [EXAMPLES / 10, EXAMPLES / 10 - TO_CORRECT]);

    const command = (await page.locator('.again pre').textContent()) ?? '';
    const again = command.split(' ');
    assert.equal(again.slice(0, 3), ['npx', 'vogjs', 'score'], command);
    await printed(vogjs(again.slice(2)));
    const second = await openRun(join(folder, 'runs/first-corrected'));
    assert.is(second.manifest.state, 'complete');
    assert.is(wrong((await (await second.scores()).labels()) ?? []), EXAMPLES / 10 - TO_CORRECT);

    await page.goto(`http://127.0.0.1:${port}/?run=1&other=0&tab=compare`);
    await page.getByRole('heading', { name: 'first → first-corrected' }).waitFor();
    await page.getByRole('heading', { name: 'Corrected labels' }).waitFor();
  },
);

test.run();
