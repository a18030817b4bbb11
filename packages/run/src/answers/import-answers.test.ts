import { VogError } from '@vogjs/base';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { exportRun } from '../export/export-run.js';
import { createRun } from '../open/create-run.js';
import { openRun, type Run } from '../open/open-run.js';
import { reviewRun } from '../review-run/review-run.js';
import { memoryStorage } from '../storage/memory.js';
import { importAnswers } from './import-answers.js';

const ids = ['a', 'b, "c"', 'd', '4'];

/** Four examples: cat, dog, cat, dog. */
async function started(classNames: string[] | null = ['cat', 'dog']): Promise<Run> {
  const storage = memoryStorage();
  const run = await createRun(storage, { examples: 4, ...(classNames === null ? {} : { classNames }) });
  await run.scores({ ids, labels: Int32Array.of(0, 1, 0, 1), scores: [] });
  return openRun(storage);
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const json = (value: unknown): Uint8Array => bytes(JSON.stringify(value));

async function standing(run: Run): Promise<Record<string, string>> {
  const reviews = await run.reviews();
  return Object.fromEntries(
    Array.from(reviews.standing, ([id, { decision, label }]) => [id, `${decision} ${label ?? ''}`.trim()]),
  );
}

const task = (id: string, choice: string, when: string) => ({
  data: { vogjs_id: id },
  annotations: [{ result: [{ from_name: 'label', value: { choices: [choice] } }], completed_by: 7, updated_at: when }],
});

test("Label Studio's answers are decisions, corrections follow, and the same file twice changes nothing", async () => {
  const run = await started();
  const file = json([task('a', 'dog', '2026-11-28T10:00:00Z'), task('d', 'cat', '2026-11-28T09:00:00Z')]);
  const { from, taken, known, older } = await importAnswers(run, file);
  assert.equal([from, known, older], ['label-studio', 0, 0]);
  assert.equal(
    taken.map(({ id, by }) => [id, by]),
    [
      ['d', '7'],
      ['a', '7'],
    ],
  );
  const wanted = { a: 'relabel 1', d: 'confirm' };
  assert.equal(await standing(run), wanted);
  const corrections = new TextDecoder().decode(await run.storage.read('corrections.csv'));
  assert.match(corrections, 'a,cat,dog,relabel,2026-11-28T10:00:00.000Z');
  const again = await importAnswers(run, file);
  assert.equal([again.taken.length, again.known, again.older], [0, 2, 0]);
  assert.is((await run.reviews()).lines.length, 2);
});

test('what was decided in the run after the answer stands, and what was undone stays undone', async () => {
  const run = await started();
  const { decide } = await reviewRun(run);
  await decide({ id: 'a', decision: 'exclude', when: '2026-11-28T12:00:00Z' });
  const file = json([task('a', 'dog', '2026-11-28T10:00:00Z'), task('d', 'dog', '2026-11-28T10:00:00Z')]);
  const came = await importAnswers(run, file);
  assert.equal([came.taken.length, came.older], [1, 1]);
  assert.equal(await standing(run), { a: 'exclude', d: 'relabel 1' });
  await decide({ id: 'd', decision: 'undo' });
  assert.equal((await importAnswers(run, file)).taken, []);
  assert.equal(await standing(run), { a: 'exclude' });
});

test('corrections of one copy are the decisions of another, as CSV and as JSON lines', async () => {
  const first = await started();
  const { decide } = await reviewRun(first);
  await decide({ id: 'b, "c"', decision: 'relabel', label: 0 });
  await decide({ id: 'a', decision: 'exclude' });
  await decide({ id: '4', decision: 'confirm' });
  const csv = await exportRun(first, { to: 'corrections' });
  const second = await started();
  const came = await importAnswers(second, csv, { by: 'ada' });
  assert.is(came.from, 'corrections');
  assert.equal(await standing(second), await standing(first));
  assert.equal(new Set((await second.reviews()).lines.map(({ by }) => by)), new Set(['ada']));
  const third = await started();
  const lines = [
    { id: 'b, "c"', given: 'dog', corrected: 'cat', decision: 'relabel' },
    { id: 'a', given: 'cat', decision: 'exclude' },
    { id: 4, given: 'dog', decision: 'confirm' },
  ];
  const jsonl = bytes(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  assert.is((await importAnswers(third, jsonl)).from, 'corrections');
  assert.equal(await standing(third), await standing(first));
  // No time is in the file; what stands is told from what is new by what it says.
  assert.is((await importAnswers(third, jsonl)).known, 3);
  const fourth = await started();
  assert.is((await importAnswers(fourth, await first.storage.read('reviews.jsonl'))).from, 'reviews');
  assert.equal(await standing(fourth), await standing(first));
});

test('a correction that is in the labels already is confirmed; classes without names are indices', async () => {
  const run = await started();
  const csv = (rows: string): Uint8Array => bytes(`\u{feff}id,given,corrected,decision\n${rows}\n`);
  await importAnswers(run, csv('a,dog,cat,relabel'));
  assert.equal(await standing(run), { a: 'confirm' });
  const unnamed = await started(null);
  await importAnswers(unnamed, csv('a,0,5,relabel'));
  assert.equal(await standing(unnamed), { a: 'relabel 5' });
  const when = '2026-11-28T10:00:00Z';
  for (const choice of ['', ' ', '1e0', '0x1', '-1', '1.5']) {
    for (const file of [csv(`a,0,"${choice}",relabel`), json([task('a', choice, when)])]) {
      const error = await importAnswers(unnamed, file).catch((thrown: unknown) => thrown);
      assert.is((error as VogError).code, 'LABEL_INVALID', `"${choice}"`);
      assert.match((error as VogError).message, /expected one of class indices/);
    }
  }
});

test('a file with one wrong answer is refused by code, and nothing of it is taken', async () => {
  const run = await started();
  const head = 'id,given,corrected,decision\n';
  const right = 'a,cat,dog,relabel\n';
  const when = '2026-11-28T10:00:00Z';
  for (const [file, code, says] of [
    [bytes(''), 'RUN_INVALID', /is empty/],
    [bytes('[]'), 'RUN_INVALID', /list is empty/],
    [bytes('[{"id": 1}]'), 'RUN_INVALID', /neither annotations nor responses/],
    [bytes('[{'), 'RUN_INVALID', /begins like a JSON list/],
    [bytes('{"a": 1}'), 'RUN_INVALID', /not an object with a decision/],
    [bytes('name,age\nada,36\n'), 'RUN_INVALID', /header lacks id/],
    [bytes(`${head}${right}zebra,cat,dog,relabel`), 'IDS_UNKNOWN', /zebra/],
    [bytes(`${head}${right}d,cat,zebra,relabel`), 'LABEL_INVALID', /expected one of cat, dog/],
    [bytes(`${head}${right}d,dog,dog,confirm`), 'LABEL_INVALID', /had the label "dog", and the run has "cat"/],
    [bytes(`${head}${right}d,cat,dog,burn`), 'RUN_INVALID', /line 3.*burn/],
    [json([task('a', 'dog', when), task('zebra', 'dog', when)]), 'IDS_UNKNOWN', /zebra/],
    [bytes(`{"id":"a","decision":"exclude","given":"cat"}\n{"id":"d"}`), 'RUN_INVALID', /Line 2/],
    [bytes(`{"id":"a","decision":"exclude","when":"${when}"}\n{"id":"d"`), 'RUN_INVALID', /Line 2 is not JSON/],
    [bytes(`{"id":"a","decision":"relabel","label":9,"when":"${when}"}`), 'RUN_INVALID', /Line 1.*below 2/],
  ] as const) {
    const error = await importAnswers(run, file).catch((thrown: unknown) => thrown);
    assert.instance(error, VogError);
    assert.is((error as VogError).code, code, (error as VogError).message);
    assert.match((error as VogError).message, says);
  }
  assert.equal((await run.reviews()).lines, []);
});

test.run();
