import { spawn } from 'node:child_process';
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VogError } from '@vogjs/base';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createRun } from '../open/create-run.js';
import { openRun } from '../open/open-run.js';
import { memoryStorage } from '../storage/memory.js';
import { applyCorrections } from '../reviews/apply-corrections.js';
import { decodeCorrections, encodeCorrections } from '../reviews/corrections.js';
import { reviewRun } from './review-run.js';

const classNames = ['cat', 'dog', '=bird, "grey"'];

async function runAt(place: string | ReturnType<typeof memoryStorage>) {
  const run = await createRun(place, { examples: 4, classNames });
  await run.scores({ ids: ['a', 'b', 'c,"', 'd'], labels: Int32Array.of(0, 1, 2, 0), scores: [] });
  return openRun(place);
}

test('the last decision of an example stands, undo takes it back, and skip decides nothing', async () => {
  const run = await runAt(memoryStorage());
  const { decide, writeCorrections } = await reviewRun(run);
  await decide({ id: 'a', decision: 'relabel', label: 1 });
  await decide({ id: 'a', decision: 'relabel', label: 2, note: 'sure' });
  await decide({ id: 'b', decision: 'exclude' });
  await decide({ id: 'b', decision: 'undo' });
  await decide({ id: 'c,"', decision: 'skip' });
  await decide({ id: 'd', decision: 'confirm' });
  await decide({ id: 'd', decision: 'undo' });
  await decide({ id: 'd', decision: 'undo' });
  const reviews = await run.reviews();
  assert.equal([...reviews.standing.keys()], ['a']);
  assert.equal([...reviews.skipped], ['c,"']);
  assert.is(reviews.lines.length, 8);
  const [row] = await writeCorrections();
  assert.is(row!.corrected, classNames[2]);
});

test('corrections read back what was written, and give the labels they stand for', async () => {
  const run = await runAt(memoryStorage());
  const { decide, writeCorrections } = await reviewRun(run);
  await decide({ id: 'c,"', decision: 'relabel', label: 0 });
  await decide({ id: 'd', decision: 'exclude' });
  await decide({ id: 'b', decision: 'confirm' });
  const rows = await writeCorrections();
  const file = new TextDecoder().decode(await run.storage.read('corrections.csv'));
  assert.equal(decodeCorrections(file), rows);
  assert.equal(decodeCorrections(`\u{feff}${encodeCorrections(rows)}`), rows);
  const ids = ['d', 'c,"', 'b', 'a'];
  const byName = applyCorrections(['cat', classNames[2]!, 'dog', 'cat'], file, { ids });
  assert.equal(byName, {
    labels: ['cat', 'cat', 'dog', 'cat'],
    kept: Int32Array.of(1, 2, 3),
    changed: Int32Array.of(1),
  });
  const byIndex = applyCorrections(Int32Array.of(0, 2, 1, 0), file, { ids, classNames });
  assert.equal(byIndex.labels, [0, 0, 1, 0]);
  // Applied twice, as a script is run again: nothing changes.
  assert.equal(applyCorrections(byName.labels, file, { ids }).labels, byName.labels);
});

test('corrections of other data are refused', () => {
  const rows = [{ id: '1', given: 'cat', corrected: 'dog', decision: 'relabel', when: '' }] as const;
  const refused = (work: () => unknown, code: string) =>
    assert.throws(work, (error: unknown) => error instanceof VogError && error.code === code);
  refused(() => applyCorrections(['cat'], rows), 'IDS_UNKNOWN');
  refused(() => applyCorrections(['cat', 'bird'], rows), 'LABEL_INVALID');
  refused(() => applyCorrections([0, 0], rows), 'LABEL_INVALID');
  refused(() => applyCorrections(['cat', 'cat'], 'id,label\n1,dog\n'), 'RUN_INVALID');
  refused(
    () => applyCorrections(['cat', 'cat'], 'id,given,corrected,decision,when\n1,cat,dog,maybe,\n'),
    'RUN_INVALID',
  );
  refused(() => applyCorrections(['cat'], rows, { ids: [1, 2] }), 'ARGUMENT_INVALID');
});

test('what is no review is refused, and nobody outside the run is decided', async () => {
  const { decide } = await reviewRun(await runAt(memoryStorage()));
  const cases = [
    [{ id: 'a', decision: 'delete' }, 'ARGUMENT_INVALID'],
    [{ id: 'a', decision: 'relabel' }, 'ARGUMENT_INVALID'],
    [{ id: 'a', decision: 'relabel', label: 3 }, 'ARGUMENT_INVALID'],
    [{ id: 'a', decision: 'confirm', when: 'soon' }, 'ARGUMENT_INVALID'],
    [{ id: 'z', decision: 'confirm' }, 'IDS_UNKNOWN'],
  ] as const;
  for (const [review, code] of cases) {
    const error = await decide(review as never).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof VogError && error.code === code, String(error));
  }
});

test('several decisions are written in their order, and none of them when one is refused', async () => {
  const run = await runAt(memoryStorage());
  const { decideAll } = await reviewRun(run);
  const bad = decideAll([
    { id: 'a', decision: 'exclude' },
    { id: 'z', decision: 'exclude' },
  ]);
  const error = await bad.catch((thrown: unknown) => thrown);
  assert.ok(error instanceof VogError && error.code === 'IDS_UNKNOWN', String(error));
  assert.is((await run.reviews()).lines.length, 0);
  assert.equal(await decideAll([]), []);
  await decideAll([
    { id: 'b', decision: 'relabel', label: 2 },
    { id: 'a', decision: 'confirm' },
    { id: 'b', decision: 'undo' },
  ]);
  const { lines, standing, torn } = await run.reviews();
  assert.equal([lines.map(({ id }) => id), [...standing.keys()], torn], [['b', 'a', 'b'], ['a'], 0]);
});

test('more decisions at once than a call takes arguments are all written', async () => {
  const run = await runAt(memoryStorage());
  const { decideAll } = await reviewRun(run);
  const count = 150_000;
  await decideAll(Array.from({ length: count }, () => ({ id: 'a', decision: 'confirm' }) as const));
  assert.is((await run.reviews()).lines.length, count);
});

test('a line that a crash left in part is told, and takes no other with it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vogjs-reviews-'));
  try {
    const run = await runAt(folder);
    await (await reviewRun(run)).decide({ id: 'a', decision: 'confirm' });
    await appendFile(join(folder, 'reviews.jsonl'), '{"id":"b","deci');
    await (await reviewRun(run)).decide({ id: 'd', decision: 'exclude' });
    const reviews = await run.reviews();
    assert.equal([...reviews.standing.keys()], ['a', 'd']);
    assert.is(reviews.torn, 1);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('two writers lose no decision of one another', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vogjs-reviews-'));
  try {
    const run = await runAt(folder);
    const writers = await Promise.all([reviewRun(run), reviewRun(run)]);
    await Promise.all(
      Array.from({ length: 40 }, (_, i) => writers[i % 2]!.decide({ id: 'a', decision: 'relabel', label: i % 3 })),
    );
    const lines = (await readFile(join(folder, 'reviews.jsonl'), 'utf8')).trimEnd().split('\n');
    assert.is(lines.filter((line) => line !== '').length, 40);
    assert.is((await run.reviews()).torn, 0);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a decision that resolved is there after kill -9', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vogjs-reviews-'));
  try {
    await runAt(folder);
    const script = `import { openRun, reviewRun } from ${JSON.stringify(import.meta.resolve('../index.ts'))};
      const { decide } = await reviewRun(await openRun(${JSON.stringify(folder)}));
      for (let i = 0; ; i++) { await decide({ id: 'a', decision: 'confirm', note: String(i) }); console.log(i); }`;
    const child = spawn(process.execPath, [...process.execArgv, '--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let told = '';
    for await (const chunk of child.stdout) {
      told += String(chunk);
      if (told.split('\n').length > 20) child.kill('SIGKILL');
    }
    const last = Number(told.trimEnd().split('\n').at(-1));
    const { lines } = await (await openRun(folder)).reviews();
    assert.ok(last >= 19 && lines.length >= last + 1, `${lines.length} lines, ${last} told`);
    assert.equal(
      lines.map(({ note }) => Number(note)),
      [...lines.keys()],
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.run();
