// The explorer at 100,000 examples, as a browser meets it: the server's start, the first picture, order, filter, brush and
// scrolling, in headless Chromium that draws in software. Judged is the processor time of script, style and layout on the
// page's main thread: what others do on the machine, and how its software draws, are not the page's. The time on the clock
// stands beside it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '@vogjs/base';
import { explore } from '@vogjs/explorer';
import { createRun, type ScoresToWrite } from '@vogjs/run';
import { type Browser, type CDPSession, chromium, type Page } from 'playwright-core';
import { chromiumPath, NO_CHROMIUM } from '../browser/chromium.js';
import { machineLine, roundsOr, spreadOf, table } from './harness.js';

const EXAMPLES = Number(process.env['VOGJS_BENCH_EXAMPLES'] ?? 100_000);
const COLUMNS = ['vog', 'mean-loss', 'data-maps.variability', 'data-maps.confidence'];
const SIDE = 28;
/** Milliseconds of processor time that the best round must keep. */
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

/** What an act took: the main thread's processor time, and the time on the clock, in milliseconds. */
interface Cost {
  readonly work: number;
  readonly clock: number;
}

const PARTS = new Set(['ScriptDuration', 'LayoutDuration', 'RecalcStyleDuration']);

async function costOf(session: CDPSession, act: () => Promise<number>): Promise<Cost> {
  const spent = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    const own = metrics.filter(({ name }) => PARTS.has(name));
    return 1000 * own.reduce((sum, { value }) => sum + value, 0);
  };
  const before = await spent();
  const clock = await act();
  return { work: (await spent()) - before, clock };
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

/** Processor time of the longest stretch of script while the gallery is scrolled. */
async function scrolled(browser: Browser, page: Page): Promise<Cost> {
  await browser.startTracing(page, { categories: ['devtools.timeline'] });
  await page.evaluate(async () => {
    const scroller = document.querySelector('.scroller') as HTMLElement;
    for (let step = 0; step < 40; step++) {
      scroller.scrollTop += 90;
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  });
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
    traceEvents: { name: string; ph: string; dur?: number; tdur?: number }[];
  };
  const scripts = traceEvents.filter(({ name, ph }) => ph === 'X' && /^(?:FunctionCall|RunMicrotasks)$/.test(name));
  const longest = (of: 'dur' | 'tdur'): number => Math.max(...scripts.map((each) => (each[of] ?? 0) / 1000));
  return { work: longest('tdur'), clock: longest('dur') };
}

/** Bytes that the page's script holds once garbage is gone. */
async function heldBy(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize, backingStorageSize = 0 } = (await session.send('Runtime.getHeapUsage')) as {
    usedSize: number;
    backingStorageSize?: number;
  };
  return usedSize + backingStorageSize;
}

async function measure(
  folder: string,
  { costs, held }: { readonly costs: Record<string, Cost[]>; readonly held: number[] },
  browser: Browser,
): Promise<void> {
  const note = (name: string, cost: Cost): void => void (costs[name] ??= []).push(cost);
  const begun = performance.now();
  const before = process.cpuUsage();
  const explorer = await explore(folder);
  const { user, system } = process.cpuUsage(before);
  note('server starts', { work: (user + system) / 1000, clock: performance.now() - begun });
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(120_000);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  // Functions that go to the page are built here, where names are kept by a helper of the builder's.
  await page.addInitScript('globalThis.__name = (named) => named');
  try {
    const firstPicture = async (): Promise<number> => {
      await page.goto(explorer.link);
      return page.evaluate(async () => {
        const drawn = (): boolean => {
          const canvas = document.querySelector<HTMLCanvasElement>('.tile canvas');
          return canvas?.getContext('2d')?.getImageData(0, 0, 1, 1).data[3] === 255;
        };
        while (!drawn()) await new Promise((resolve) => requestAnimationFrame(resolve));
        return performance.now();
      });
    };
    note('first picture', await costOf(session, firstPicture));
    await page.waitForSelector('.ends input');
    // All columns and issues are there: what follows is the page's own work.
    await page.getByRole('checkbox', { name: 'Wrong label?' }).waitFor();
    await page.getByRole('img', { name: /upwards/ }).waitFor();
    const order = (element: HTMLElement): void => {
      const select = element as HTMLSelectElement;
      select.selectedIndex = (select.selectedIndex + 2) % select.options.length;
      select.dispatchEvent(new Event('change', { bubbles: true }));
    };
    const click = (element: HTMLElement): void => element.click();
    const brush = (element: HTMLElement): void => {
      const end = element as HTMLInputElement;
      end.value = String(Number(end.value) + 4);
      end.dispatchEvent(new Event('input', { bubbles: true }));
    };
    const cost = (act: (element: HTMLElement) => void, on: string, shows: string): Promise<Cost> =>
      costOf(session, () => until(page, act, on, shows));
    // Its column is read: from the second time on it is the page's own work.
    note('the first order by a column', await cost(order, '.order select', '.tile'));
    await cost(order, '.order select', '.tile');
    note('another order', await cost(order, '.order select', '.tile'));
    note('a filter', await cost(click, '.filters .choice input', '.gallery h1'));
    await cost(click, '.filters .choice input', '.gallery h1');
    await cost(brush, '.ends input', '.gallery h1');
    note('a brush', await cost(brush, '.ends input', '.gallery h1'));
    note('script of the longest scrolled frame', await scrolled(browser, page));
    held.push(await heldBy(session));
  } finally {
    await page.close();
    await explorer.close();
  }
}

if (chromiumPath() === null) console.log(NO_CHROMIUM);
else {
  console.log(machineLine('none'));
  const folder = await mkdtemp(join(tmpdir(), 'vogjs-bench-explorer-'));
  const args = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'];
  const browser = await chromium.launch({ executablePath: chromiumPath() as string, args });
  try {
    await writeRun(folder);
    // The page is built once, and not timed.
    await (await explore(folder)).close();
    const costs: Record<string, Cost[]> = {};
    const held: number[] = [];
    for (let round = 0; round < roundsOr(3); round++) await measure(folder, { costs, held }, browser);
    console.log(`\n${EXAMPLES} examples with pictures, ${COLUMNS.length} scores`);
    const rows = Object.entries(costs).map(([name, list]) => {
      const { median, min, max } = spreadOf(list.map(({ work }) => work));
      const clock = spreadOf(list.map((each) => each.clock)).median;
      const target = TARGETS[name];
      if (target !== undefined && min > target) process.exitCode = 1;
      const verdict = target === undefined ? '' : `at most ${target}: ${min > target ? 'MISSED' : 'met'}`;
      return [name, median.toFixed(0), `${min.toFixed(0)} - ${max.toFixed(0)}`, clock.toFixed(0), verdict];
    });
    console.log(table([['', 'processor ms', 'min - max', 'on the clock', 'target'], ...rows]));
    console.log(`\nthe page's script holds ${(Math.max(...held) / 2 ** 20).toFixed(0)} MiB`);
  } finally {
    await browser.close();
    await rm(folder, { recursive: true });
  }
}
