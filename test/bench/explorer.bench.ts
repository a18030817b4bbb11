// The explorer at 100,000 examples, as a browser meets it: the server's start, the first picture, order, filter, brush and
// scrolling, in headless Chromium with a software driver. Script is what the page's own code takes; a frame has the
// browser's drawing too.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '@vogjs/base';
import { explore } from '@vogjs/explorer';
import { createRun, type ScoresToWrite } from '@vogjs/run';
import type { Browser, Page } from 'playwright-core';
import { chromiumPath, launchChromium, NO_CHROMIUM } from '../browser/chromium.js';
import { machineLine, roundsOr, spreadOf, table } from './harness.js';

const EXAMPLES = Number(process.env['VOGJS_BENCH_EXAMPLES'] ?? 100_000);
const COLUMNS = ['vog', 'mean-loss', 'data-maps.variability', 'data-maps.confidence'];
const SIDE = 28;
/** Milliseconds that the best round must keep. */
const TARGETS: Readonly<Record<string, number>> = {
  'server starts': 1000,
  'first picture': 1000,
  'another order': 100,
  'a filter': 100,
  'a brush': 50,
  'script of the longest scrolled frame': 20,
};

async function writeRun(folder: string): Promise<void> {
  const random = seededRandom(1);
  const run = await createRun(folder, {
    examples: EXAMPLES,
    classNames: Array.from({ length: 10 }, (_, k) => `c${k}`),
  });
  const ids = Array.from({ length: EXAMPLES }, (_, row) => `class-${row % 10}/image-${row}.png`);
  const scores = COLUMNS.map((metric): ScoresToWrite => {
    const values = Float32Array.from({ length: EXAMPLES }, () => random.normal());
    return { metric, column: metric, window: 'complete', hardDirection: 'high', checkpoints: 5, values };
  });
  const labels = Int32Array.from({ length: EXAMPLES }, (_, row) => row % 10);
  await run.scores({ ids, paths: ids, labels, predicted: labels, scores });
  const issues = Array.from({ length: EXAMPLES / 50 }, (_, at) => {
    const why = 'the network says another class';
    return { kind: 'label' as const, id: ids[at * 50]!, score: 1 - at / EXAMPLES, flagged: true, why, suggested: 3 };
  });
  await run.issues({
    summary: [{ kind: 'label', flagged: issues.length, examined: EXAMPLES, says: 'Every fiftieth.' }],
    issues,
  });
  await run.thumbs({
    width: SIDE,
    height: SIDE,
    channels: 1,
    count: EXAMPLES,
    read: (start, end) => {
      const pixels = new Uint8Array((end - start) * SIDE * SIDE);
      for (let at = 0; at < end - start; at++)
        pixels.fill((start + at) % 256, at * SIDE * SIDE, (at + 1) * SIDE * SIDE);
      return pixels;
    },
  });
  await run.finish();
}

/** Milliseconds from an act on an element to the frame that shows another text of another. */
function until(page: Page, act: (element: HTMLElement) => void, on: string, shows: string): Promise<number> {
  return page.evaluate(
    async ([source, actor, shown]) => {
      // oxlint-disable-next-line no-implied-eval, typescript/no-implied-eval -- a function that came as text
      const perform = new Function(`return ${source}`)() as (element: HTMLElement) => void;
      const text = (): string => document.querySelector(shown)?.textContent ?? '';
      const before = text();
      const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
      await frame();
      const begun = performance.now();
      perform(document.querySelector(actor) as HTMLElement);
      while (text() === before) await frame();
      return performance.now() - begun;
    },
    [String(act), on, shows] as const,
  );
}

/** The longest stretch of script in one frame while the gallery is scrolled, in milliseconds. */
async function scrolled(browser: Browser, page: Page): Promise<number> {
  await browser.startTracing(page, { categories: ['devtools.timeline'] });
  await page.evaluate(async () => {
    const scroller = document.querySelector('.scroller') as HTMLElement;
    for (let step = 0; step < 120; step++) {
      scroller.scrollTop += 90;
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  });
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
    traceEvents: { name: string; ph: string; dur?: number }[];
  };
  const scripts = traceEvents.filter(({ name, ph }) => ph === 'X' && /^(?:FunctionCall|RunMicrotasks)$/.test(name));
  return Math.max(...scripts.map(({ dur = 0 }) => dur / 1000));
}

async function measure(folder: string, times: Record<string, number[]>, browser: Browser): Promise<void> {
  const note = (name: string, milliseconds: number): void => void (times[name] ??= []).push(milliseconds);
  const begun = performance.now();
  const explorer = await explore(folder);
  note('server starts', performance.now() - begun);
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(120_000);
  // Functions that go to the page are built here, where names are kept by a helper of the builder's.
  await page.addInitScript('globalThis.__name = (named) => named');
  try {
    await page.goto(explorer.link);
    note(
      'first picture',
      await page.evaluate(async () => {
        const drawn = (): boolean => {
          const canvas = document.querySelector<HTMLCanvasElement>('.tile canvas');
          return canvas?.getContext('2d')?.getImageData(0, 0, 1, 1).data[3] === 255;
        };
        while (!drawn()) await new Promise((resolve) => requestAnimationFrame(resolve));
        return performance.now();
      }),
    );
    await page.waitForSelector('.ends input');
    // All columns and issues are there: what follows is the page's own work.
    await page.getByRole('checkbox', { name: 'Wrong label?' }).waitFor();
    await page.getByRole('img', { name: /upwards/ }).waitFor();
    const order = (element: HTMLElement): void => {
      const select = element as HTMLSelectElement;
      select.selectedIndex = (select.selectedIndex + 1) % select.options.length;
      select.dispatchEvent(new Event('change', { bubbles: true }));
    };
    note('another order', await until(page, order, '.order select', '.tile'));
    note('a filter', await until(page, (element) => element.click(), '.filters .choice input', '.gallery h1'));
    await until(page, (element) => element.click(), '.filters .choice input', '.gallery h1');
    const brush = (element: HTMLElement): void => {
      (element as HTMLInputElement).value = '20';
      element.dispatchEvent(new Event('input', { bubbles: true }));
    };
    note('a brush', await until(page, brush, '.ends input', '.gallery h1'));
    note('script of the longest scrolled frame', await scrolled(browser, page));
  } finally {
    await page.close();
    await explorer.close();
  }
}

if (chromiumPath() === null) console.log(NO_CHROMIUM);
else {
  console.log(machineLine('none'));
  const folder = await mkdtemp(join(tmpdir(), 'vogjs-bench-explorer-'));
  const browser = await launchChromium();
  try {
    await writeRun(folder);
    // The page is built once, and not timed.
    await (await explore(folder)).close();
    const times: Record<string, number[]> = {};
    for (let round = 0; round < roundsOr(3); round++) await measure(folder, times, browser);
    console.log(`\n${EXAMPLES} examples with pictures, ${COLUMNS.length} scores`);
    const rows = Object.entries(times).map(([name, list]) => {
      const { median, min, max } = spreadOf(list);
      const target = TARGETS[name] ?? Infinity;
      if (min > target) process.exitCode = 1;
      const verdict = `at most ${target}: ${min > target ? 'MISSED' : 'met'}`;
      return [name, median.toFixed(0), `${min.toFixed(0)} - ${max.toFixed(0)}`, verdict];
    });
    console.log(table([['', 'median ms', 'min - max', 'target'], ...rows]));
  } finally {
    await browser.close();
    await rm(folder, { recursive: true });
  }
}
