import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '@vogjs/base';
import { createRun, openRun, reviewRun } from '@vogjs/run';
import { spearman } from '@vogjs/statistics';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ApiComparison } from '../../api/comparison.js';
import { type Client, served } from '../served.test.helper.js';

let folder: string;
let client: Client;

const SIZE = 60;
const random = seededRandom(3);
const BEFORE = Float32Array.from({ length: SIZE }, () => random.normal());
/** Rows 0 to 3 are corrected; 0 to 2 become easy, 3 stays the hardest. Rows 58 and 59 are left out. */
const AFTER = BEFORE.map((value, row) => (row < 3 ? -10 + row : row === 3 ? 50 : value));
const ids = Array.from({ length: SIZE }, (_, row) => `e${row}`);

async function write(name: string, init: object, table: object, metric: string, values: Float32Array): Promise<void> {
  const run = await createRun(join(folder, name), { examples: values.length, ...init });
  const facts = { column: metric, window: 'complete', hardDirection: 'high', checkpoints: 2 } as const;
  await run.scores({ scores: [{ metric, ...facts, values }], ids, ...table });
  await run.finish();
}

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vogjs-compare-'));
  const labels = Int32Array.from({ length: SIZE }, (_, row) => Number(row < 5));
  // In the first run 'cat' is 0, in the second 1: classes are compared by name.
  await write(
    'a',
    { classNames: ['cat', 'dog'] },
    { labels, predicted: Int32Array.from({ length: SIZE }, (_, row) => Number(row === 10)) },
    'vog',
    BEFORE,
  );
  const reviewer = await reviewRun(await openRun(join(folder, 'a')));
  for (const row of [0, 1, 2, 3, 4]) await reviewer.decide({ id: ids[row]!, decision: 'relabel', label: 0 });
  await reviewer.decide({ id: 'e59', decision: 'exclude' });
  // Backwards, to be joined by id and not by row.
  const back = (values: Float32Array): Float32Array => values.slice(0, SIZE - 2).reverse();
  const names = ids.slice(0, SIZE - 2).toReversed();
  const isDog = (row: number): boolean => row === 4;
  const own = Int32Array.from(names, (id) => Number(!isDog(Number(id.slice(1)))));
  await write(
    'b',
    { classNames: ['dog', 'cat'] },
    { ids: names, labels: own, predicted: own.map((label) => label) },
    'vog',
    back(AFTER),
  );
  await write('other', {}, { ids: ids.slice(0, 2).map((id) => `${id}x`) }, 'aum', Float32Array.of(1, 2));
  client = await served(folder);
});
test.after(async () => {
  await client.close();
  await rm(folder, { recursive: true });
});

const compare = (path: string): Promise<ApiComparison> => client.json(`/api/compare/${path}`);

test('corrected examples are told with what became of them, the hard ones first', async () => {
  const { corrected, unapplied, excluded, gone, shared, added, score } = await compare('0/1');
  assert.equal([shared, gone, added, excluded, unapplied], [58, 2, 0, 1, 1]);
  assert.equal([corrected.count, corrected.easy, corrected.hard, corrected.predicted], [4, 3, 1, 4]);
  assert.equal(
    corrected.examples.map(({ id, labelBefore, labelAfter, after }) => [id, labelBefore, labelAfter, after]),
    [3, 2, 1, 0].map((row) => [`e${row}`, 'dog', 'cat', 57 - row]),
  );
  assert.equal(score, { name: 'vog', hardDirection: 'high' });
});

test('ranks are among the shared examples, and their correlation is Spearman’s', async () => {
  const { agreement, tenths, easier, harder } = await compare('0/1');
  const shared = SIZE - 2;
  const { r } = spearman(BEFORE.slice(0, shared), AFTER.slice(0, shared));
  assert.ok(Math.abs((agreement ?? 0) - r) < 1e-12, `${agreement} ${r}`);
  assert.is(
    tenths.reduce((sum, count) => sum + count, 0),
    shared,
  );
  const order = BEFORE.slice(0, shared).toSorted((a, b) => a - b);
  const percentile = (order.indexOf(BEFORE[3]!) + 0.5) * (100 / shared);
  const [first] = harder;
  assert.equal([first?.id, first?.to], ['e3', 100 * ((shared - 0.5) / shared)]);
  assert.ok(Math.abs((first?.from ?? 0) - percentile) < 1e-9);
  assert.ok(easier.slice(0, 3).every(({ id }) => ['e0', 'e1', 'e2'].includes(String(id))));
});

test('accuracy is by the labels of the run after, in both', async () => {
  const { accuracy, unchanged, heldOut } = await compare('0/1');
  // The first run takes all for cats but example 10; the second is right throughout.
  assert.equal(accuracy, { before: 56 / 58, after: 1, gained: 2, lost: 0, examples: 58 });
  assert.equal(unchanged, { before: 52 / 54, after: 1, gained: 2, lost: 0, examples: 54 });
  assert.is(heldOut, null);
});

test('runs of other examples and other scores say so, and a wrong number is refused', async () => {
  const strangers = await compare('0/2');
  assert.equal(
    [strangers.shared, strangers.score, strangers.agreement, strangers.accuracy, strangers.tenths],
    [0, null, null, null, []],
  );
  const itself = await compare('0/0');
  assert.equal([itself.agreement, itself.corrected.count, itself.harder], [1, 0, []]);
  assert.is((await client.ask('GET', '/api/compare/0/7')).status, 404);
  assert.is((await client.ask('GET', '/api/compare/0/1/0')).status, 404);
  const column = await client.column('vog');
  assert.is((await compare(`0/1/${column}`)).score?.name, 'vog');
  assert.equal(client.failures, []);
});

test.run();
