// Only with --all: it drives Chromium
// The explorer as people meet it: a run with planted wrong labels, reviewed by keyboard in headless Chromium.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { explore, type Explorer } from '@vogjs/explorer';
import { applyCorrections, createRun } from '@vogjs/run';
import type { Browser, Page } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { launchChromium } from './chromium.js';
import { assertFits, faultsOf, picture, problemsOf } from './looks.js';
import { inChromium } from './pages.js';

const test = suite('the explorer in a browser');
const claim = inChromium(test);
const folder = mkdtempSync(join(tmpdir(), 'vogjs-explorer-page-'));
/** Pictures of what was seen go here where the variable is set. */

const EXAMPLES = 300;
const CLASSES = ['ant', 'bee', 'cat <b>x</b>', 'dog'];
/** Rows whose label was planted wrong; the class before it is theirs. */
const planted = Array.from({ length: 12 }, (_, at) => at * 20 + 3);
const labels = Int32Array.from({ length: EXAMPLES }, (_, row) => (row + Number(planted.includes(row))) % 4);
const ids = Array.from({ length: EXAMPLES }, (_, row) => `<img src=x onerror=alert(1)>/${row}.png`);

async function writeRun(): Promise<void> {
  const run = await createRun(join(folder, 'run'), {
    examples: EXAMPLES,
    classNames: CLASSES,
    config: { data: 'photos', epochs: 3 },
  });
  const wrong = (row: number): number => Number(planted.includes(row));
  const column = (metric: string, hardDirection: 'high' | 'low', sign: number) => {
    const values = Float32Array.from({ length: EXAMPLES }, (_, row) => sign * (wrong(row) * 2 - row / EXAMPLES));
    return { metric, column: metric, window: 'complete', hardDirection, checkpoints: 3, values } as const;
  };
  await run.scores({
    ids,
    labels,
    predicted: Int32Array.from({ length: EXAMPLES }, (_, row) => row % 4),
    scores: [column('mean-loss', 'high', 1), column('aum', 'low', -1)],
  });
  const each = <T>(make: (checkpoint: number) => T): T[] => [0, 1, 2].map(make);
  await run.trajectories({
    labelProbability: each((t) =>
      Float32Array.from({ length: EXAMPLES }, (_, row) => (wrong(row) ? 0.1 : (t + 1) / 4)),
    ),
    // Of a wrong label, another class has .8.
    margin: each((t) =>
      Float32Array.from({ length: EXAMPLES }, (_, row) => (wrong(row) ? Math.log(0.1 / 0.8) : Math.log(t + 2))),
    ),
    loss: each((t) => Float32Array.from({ length: EXAMPLES }, (_, row) => -Math.log(wrong(row) ? 0.1 : (t + 1) / 4))),
    predicted: each(() => Int32Array.from({ length: EXAMPLES }, (_, row) => row % 4)),
  });
  await run.features({
    data: Float32Array.from({ length: EXAMPLES * 4 }, (_, at) => Number((at >> 2) % 4 === at % 4) + at * 1e-6),
    examples: EXAMPLES,
    size: 4,
  });
  await run.issues({
    summary: [{ kind: 'label', flagged: planted.length, examined: EXAMPLES, says: 'Twelve labels.' }],
    issues: planted.map((row, at) => {
      const why = `taken for ${CLASSES[row % 4]}`;
      return { kind: 'label', id: ids[row]!, score: 1 - at / 100, flagged: true, why, suggested: row % 4 };
    }),
  });
  await run.thumbs({
    width: 28,
    height: 28,
    channels: 1,
    count: EXAMPLES,
    read: (start, end) =>
      Uint8Array.from(
        { length: (end - start) * 784 },
        (_, at) => ((start + Math.floor(at / 784)) * 7 + (at % 28) * 8) % 256,
      ),
  });
  await run.finish();
}

let browser: Browser | undefined;
let explorer: Explorer | undefined;
test.after(async () => {
  await browser?.close();
  await explorer?.close();
  rmSync(folder, { recursive: true });
});

interface Visit {
  readonly page: Page;
  /** What the page's console and the page itself complained of. */
  readonly problems: readonly string[];
}

async function visit(query = '', options: Parameters<Browser['newPage']>[0] = {}): Promise<Visit> {
  if (explorer === undefined) {
    await writeRun();
    explorer = await explore(join(folder, 'run'));
  }
  browser ??= await launchChromium();
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  // A machine that does other things too draws slowly.
  page.setDefaultTimeout(90_000);
  const problems = problemsOf(page);
  await page.goto(explorer.link.replace('/#', `/${query}#`));
  await page.waitForSelector('.tile, .review .bar');
  return { page, problems };
}

/** While a brush is drawn, the address follows a tenth of a second behind: timers of a page come in their order. */
async function addressIsWritten(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 150)));
}

const decisions = (): string[] =>
  readFileSync(join(folder, 'run/reviews.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const { id, decision, label } = JSON.parse(line) as { id: string; decision: string; label?: number };
      return `${ids.indexOf(id)} ${decision}${label === undefined ? '' : ` ${label}`}`;
    });

claim('the gallery shows the hardest first, names as text, and filters that count', async () => {
  const { page, problems } = await visit();
  const tile = page.locator('.tile').first();
  // What is suggested comes after the scores.
  await tile.getByText('suggested → dog').waitFor();
  const first = (await tile.textContent()) ?? '';
  assert.match(first, /<img src=x onerror=alert\(1\)>\/3\.pngp99\.8antsuggested → dog/);
  assert.is(await page.locator('main img').count(), 0, 'no name became an element');
  assert.not.match(page.url(), /token/, 'the token is not left in the address');
  await picture(page, 'gallery-1280-light');
  await page.getByRole('checkbox', { name: /Wrong label/ }).check();
  await page.getByRole('heading', { name: /^12 of 300 shown/ }).waitFor();
  assert.match(page.url(), /issue=label/);
  await page.reload();
  await page.getByRole('heading', { name: /^12 of 300 shown/ }).waitFor();
  assert.equal(await faultsOf(page), []);
  await page.getByRole('searchbox', { name: 'Name or id' }).fill('no such name');
  await page.getByText('No example passes these filters').waitFor();
  await page.getByRole('button', { name: 'Take them off' }).click();
  await page.getByRole('heading', { name: /^300 of 300/ }).waitFor();
  assert.equal(problems, []);
  await page.close();
});

claim('charts are brushed by keys and by hand, the gallery follows, and the address holds it', async () => {
  const { page, problems } = await visit();
  const title = page.getByRole('heading', { level: 1 });
  const easiest = page.getByRole('slider', { name: 'mean-loss: easiest shown' });
  await easiest.press('End');
  await page.getByRole('heading', { name: /^(?!300)\d+ of 300 shown/ }).waitFor();
  // Keys that follow each other: the address follows a little later, and says the last.
  for (let step = 0; step < 6; step++) await easiest.press('ArrowLeft');
  const hardest = (await title.textContent()) ?? '';
  await addressIsWritten(page);
  assert.match(page.url(), /range=[^&]*mean-loss/);
  await page.reload();
  await page.getByRole('heading', { name: hardest }).waitFor();
  await page.getByRole('button', { name: /mean-loss ≥ .*take it off/ }).click();
  await page.getByRole('heading', { name: /^300 of 300/ }).waitFor();
  // The left half of the map, from top to bottom.
  const box = await page
    .getByRole('img', { name: /300 examples by mean-loss, across, and aum, upwards/ })
    .boundingBox();
  assert.ok(box !== null);
  await page.mouse.move(box.x + 1, box.y + 1);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 3 });
  await page.mouse.move(box.x + box.width / 2, box.y + box.height + 20);
  await page.mouse.up();
  await page.getByRole('heading', { name: /^(?!300)\d+ of 300 shown/ }).waitFor();
  await picture(page, 'brushed-1280-light');
  await page.getByRole('combobox', { name: 'Upwards' }).selectOption('mean-loss');
  await page.getByRole('img', { name: /mean-loss, across, and mean-loss, upwards/ }).waitFor();
  assert.equal(await faultsOf(page), []);
  assert.equal(problems, []);
  await page.close();
});

claim('arrows move through the gallery, Enter opens an example, Escape closes it', async () => {
  const { page, problems } = await visit();
  await page.getByRole('listbox').focus();
  for (const key of ['ArrowRight', 'ArrowRight', 'Enter']) await page.keyboard.press(key);
  const title = page.getByRole('dialog').getByRole('heading', { level: 2 });
  await page.getByRole('dialog').waitFor();
  assert.is(await title.textContent(), ids[planted[2]!]);
  await page
    .getByRole('img', { name: /p of .* over 3 checkpoints, from \.10 to \.10; of the best other to \.80/ })
    .waitFor();
  await page.getByText(/of 12 are/).waitFor();
  assert.equal(await faultsOf(page), []);
  await picture(page, 'detail-1280-light');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await page.keyboard.press('End');
  await page.locator(`[aria-posinset="${EXAMPLES}"][aria-selected=true]`).waitFor();
  assert.equal(problems, []);
  await page.close();
});

claim('a map of features puts the alike together, and what is drawn on a map filters, in the address too', async () => {
  const { page, problems } = await visit('?map=pca');
  const map = page.getByRole('img', { name: /by their features, PCA/ });
  const drag = async (corners: readonly (readonly [number, number])[]): Promise<void> => {
    const box = await page.locator('.plot.both').boundingBox();
    assert.ok(box !== null);
    const at = ([x, y]: readonly [number, number]) => [box.x + x * box.width, box.y + y * box.height] as const;
    await page.mouse.move(...at(corners[0]!));
    await page.mouse.down();
    for (const corner of corners.slice(1)) await page.mouse.move(...at(corner), { steps: 4 });
    await page.mouse.up();
  };
  await map.waitFor();
  await page.getByText(/% of the features. variance/).waitFor();
  await picture(page, 'pca-1280-light');
  await drag([
    [0.02, 0.02],
    [0.5, 0.98],
  ]);
  const some = page.getByRole('heading', { name: /^(?!300|0)\d+ of 300 shown/ });
  await some.waitFor();
  assert.match(page.url(), /lasso=pca/);
  const shown = (await page.getByRole('heading', { level: 1 }).textContent()) ?? '';
  // The features tell the four classes apart, a quarter of the rows each.
  assert.is(Number.parseInt(shown, 10) % (EXAMPLES / CLASSES.length), 0, shown);
  await addressIsWritten(page);
  await page.reload();
  await page.getByRole('heading', { name: shown }).waitFor();
  await page.getByRole('button', { name: /region of PCA.*take it off/ }).click();
  await page.getByRole('heading', { name: /^300 of 300/ }).waitFor();

  await page.getByRole('combobox', { name: 'Map' }).selectOption('ranks');
  await page.getByText(/rank correlation .* of the hardest tenth/).waitFor();
  await page.getByRole('button', { name: 'Box' }).click();
  await drag([
    [0.5, 0.02],
    [0.99, 0.02],
    [0.99, 0.9],
    [0.6, 0.6],
  ]);
  await some.waitFor();
  assert.match(page.url(), /lasso=ranks/);
  await picture(page, 'lasso-1280-light');
  assert.equal(await faultsOf(page), []);
  await page.getByRole('button', { name: 'Review one by one' }).click();
  await page.getByRole('combobox', { name: 'Issue to review' }).waitFor();
  assert.match(page.url(), /queue=shown/);
  await page.goBack();
  await page.getByRole('combobox', { name: 'Map' }).selectOption('umap');
  await page.getByRole('img', { name: /by their features, UMAP/ }).waitFor();
  await picture(page, 'umap-1280-light');
  assert.equal(problems, []);
  await page.close();
});

claim('a queue is reviewed by keys alone, and each decision is on the disk before the next is shown', async () => {
  const { page, problems } = await visit('?tab=review');
  const heading = page.getByRole('heading', { level: 2 });
  const at = async (row: number): Promise<void> => {
    await page.getByRole('heading', { level: 2, name: ids[row]! }).waitFor();
  };
  await at(3);
  assert.equal(await faultsOf(page), []);
  await picture(page, 'review-1280-light');
  await page.keyboard.press('1');
  await at(23);
  assert.equal(decisions(), ['3 relabel 3']);
  assert.is(await heading.evaluate((element) => element === document.activeElement), true, 'focus is on the heading');
  await page.keyboard.press('Enter');
  await at(43);
  await page.keyboard.press('x');
  await at(63);
  await page.keyboard.press('s');
  await at(83);
  await page.keyboard.press('/');
  await page.keyboard.type('bee');
  await page.keyboard.press('Enter');
  await at(103);
  assert.equal(decisions(), ['3 relabel 3', '23 confirm', '43 exclude', '63 skip', '83 relabel 1']);
  await page.getByText(/precision \.75/).waitFor();
  await page.keyboard.press('u');
  await at(83);
  assert.is(decisions().at(-1), '83 undo');
  await page.keyboard.press('n');
  await page.keyboard.type('x1s');
  assert.is(decisions().length, 6, 'keys do nothing in a text field');
  await page.keyboard.press('Escape');
  await page.keyboard.press('1');
  await at(103);
  assert.match(readFileSync(join(folder, 'run/reviews.jsonl'), 'utf8'), /"note":"x1s"/);
  for (const row of planted.slice(6)) {
    await page.keyboard.press('1');
    await at(row);
  }
  await page.keyboard.press('1');
  // The skipped one waits at the end.
  await page.getByText(/All of them are decided/).waitFor();
  await page.getByRole('button', { name: /Look at the 1 skipped/ }).click();
  await at(63);
  await page.keyboard.press('1');
  await page.getByText(/All of them are decided/).waitFor();

  await page.locator('summary', { hasText: 'Give back' }).click();
  await page.getByRole('button', { name: /Write corrections/ }).click();
  await page.getByText(/12 written to/).waitFor();
  await page
    .getByText(/npx vogjs score photos --epochs 3 --corrections .*corrections\.csv --out .*run-corrected/)
    .waitFor();
  assert.equal(await faultsOf(page), []);
  await picture(page, 'give-back-1280-light');
  const corrections = readFileSync(join(folder, 'run/corrections.csv'), 'utf8');
  const corrected = applyCorrections(labels, corrections, { ids, classNames: CLASSES });
  const right = planted.filter((row) => corrected.labels[row] === row % 4);
  assert.equal([right.length, corrected.kept.length], [10, EXAMPLES - 1]);
  assert.equal(problems, []);
  await page.close();
});

claim('nothing can be decided before it is known what comes first', async () => {
  const { page } = await visit('?tab=review');
  await page.getByText(/All of them are decided/).waitFor();
  const before = decisions().length;
  let release = (): void => {};
  const gate = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/issues', async (route) => {
    await gate;
    await route.continue();
  });
  await page.reload();
  await page.getByText('Reading what is to be reviewed').waitFor();
  await page.keyboard.press('Enter');
  release();
  await page.getByText(/All of them are decided/).waitFor();
  assert.is(decisions().length, before);
  await page.close();
});

claim('of two runs, each has its own decisions, notes and undo, and a key that comes too soon is told', async () => {
  const place = join(folder, 'two');
  for (const name of ['a', 'b']) {
    const run = await createRun(join(place, name), { examples: 4, classNames: CLASSES });
    const column = { metric: 'aum', column: 'aum', window: 'complete', hardDirection: 'high', checkpoints: 3 } as const;
    const ranks = Float32Array.of(4, 3, 2, 1);
    await run.scores({ ids: [0, 1, 2, 3], labels: Int32Array.of(0, 1, 2, 3), scores: [{ ...column, values: ranks }] });
    await run.finish();
  }
  const written = (name: string): { id: number; decision: string; note?: string }[] =>
    readFileSync(join(place, name, 'reviews.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: number; decision: string; note?: string });
  const both = await explore(place);
  browser ??= await launchChromium();
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(90_000);
  await page.goto(both.link.replace('/#', '/?tab=review#'));
  const at = (id: number) => page.locator('.review h2.example', { hasText: `${id} given` }).waitFor();
  await at(0);
  await page.keyboard.press('n');
  await page.keyboard.type('of the first');
  await page.keyboard.press('Escape');
  await page.keyboard.press('ArrowRight');
  await at(1);
  let release = (): void => {};
  const gate = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/api/reviews', async (route) => {
    await gate;
    await route.continue();
  });
  await page.keyboard.press('Enter');
  await page.keyboard.press('x');
  await page.getByText('A decision is still being saved: this one was not taken.').first().waitFor();
  release();
  await page.getByText('1: confirmed, saved. What was pressed meanwhile was not taken.').first().waitFor();
  await at(2);
  const [first, ...more] = written('a');
  assert.equal([first?.id, first?.decision, first?.note, more.length], [1, 'confirm', undefined, 0]);

  await page.getByLabel('Run').selectOption({ label: 'b' });
  await page.getByRole('button', { name: 'Review', exact: false }).first().click();
  await at(0);
  // Nothing of this run was decided. Waited for: the heading may be drawn a moment before.
  await page.locator('button:disabled', { hasText: 'Undo' }).waitFor();
  await page.keyboard.press('ArrowRight');
  await at(1);
  await page.keyboard.press('Enter');
  await at(2);
  assert.equal([written('a').length, written('b').length], [1, 1]);
  await page.getByLabel('Run').selectOption({ label: 'a' });
  await page.getByRole('button', { name: 'Review', exact: false }).first().click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await at(1);
  assert.equal([written('a').at(-1)?.decision, written('b').length], ['undo', 1]);
  await page.close();
  await both.close();
});

claim('one decision about all that is shown asks first, and one undo takes back the whole', async () => {
  const { page, problems } = await visit('?class=3&decision=undecided');
  const before = decisions().length;
  const count = /^\d+/.exec((await page.getByRole('heading', { level: 1 }).textContent()) ?? '')?.[0] ?? '';
  assert.ok(Number(count) > 10);
  await page.getByRole('button', { name: 'Decide these…' }).click();
  await page.getByRole('heading', { name: `Decide ${count} undecided examples at once?` }).waitFor();
  assert.equal(await faultsOf(page), []);
  await page.getByRole('button', { name: 'Cancel' }).click();
  assert.is(decisions().length, before, 'a question decides nothing');
  await page.getByRole('button', { name: 'Decide these…' }).click();
  await page.getByRole('button', { name: `Exclude ${count}` }).click();
  await page.getByRole('heading', { name: /^0 of 300/ }).waitFor();
  assert.is(decisions().length, before + Number(count));
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('heading', { name: new RegExp(`^${count} of 300`) }).waitFor();
  assert.equal(problems, []);
  await page.close();
});

claim('decisions of another tab show up by themselves, and a server that went away is told', async () => {
  const { page } = await visit('?decision=undecided');
  const shown = page.getByRole('heading', { level: 1 });
  await page.getByRole('heading', { name: /^288 of 300/ }).waitFor();
  const other = await visit('?row=200');
  await other.page.getByRole('button', { name: 'Exclude' }).click();
  await page.getByRole('heading', { name: /^287 of 300/ }).waitFor();
  await explorer?.close();
  explorer = undefined;
  await other.page.getByRole('button', { name: 'Skip' }).click();
  await other.page.getByRole('alert').filter({ hasText: 'does not answer' }).waitFor();
  assert.match((await shown.textContent()) ?? '', /287/);
  await page.close();
  await other.page.close();
});

claim('dark, and on a phone, nothing overflows and axe finds nothing', async () => {
  for (const [width, query] of [
    [390, ''],
    [390, '?tab=review'],
    [1280, '?tab=review'],
    [1280, ''],
  ] as const) {
    explorer ??= await explore(join(folder, 'run'));
    const { page } = await visit(query, { viewport: { width, height: 844 } });
    await page.waitForSelector('canvas', { state: 'attached' });
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      assert.equal(await faultsOf(page), [], `${colorScheme} ${width} ${query}`);
      await assertFits(page, `${width} ${query}`);
      await picture(page, `${query === '' ? 'gallery' : 'done'}-${width}-${colorScheme}`);
    }
    await page.close();
  }
});

claim('a missing sheet, and a run that is damaged, are told in words and leave no blank page', async () => {
  explorer ??= await explore(join(folder, 'run'));
  rmSync(join(folder, 'run/thumbs/0000.png'));
  const { page } = await visit();
  await page.getByText(/Some pictures cannot be shown.*0000\.png/).waitFor();
  assert.ok((await page.locator('.tile').count()) > 10);
  writeFileSync(join(folder, 'run/issues.json'), '{"version":1');
  await page.reload();
  await page
    .getByRole('alert')
    .filter({ hasText: /issues\.json .* damaged/ })
    .waitFor();
  await page.locator('.tile').first().waitFor();
  writeFileSync(join(folder, 'run/scores.parquet'), 'nonsense');
  await page.reload();
  await page
    .getByRole('alert')
    .filter({ hasText: /scores\.parquet/ })
    .waitFor();
  await page.close();
});

test.run();
