import { seededRandom, type ErrorCode, VogError } from '@vogjs/base';
import { measureImage } from '@vogjs/issues';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createRun } from '../open/create-run.js';
import { openRun, type Run } from '../open/open-run.js';
import { memoryStorage } from '../storage/memory.js';
import type { MetaValues, ScoresToWrite } from '../tables/scores-table.js';
import { findIssues } from './find-issues.js';

const test = suite('find issues in a run');
const CLASSES = 3;

interface Planted {
  readonly run: Run;
  readonly seed: number;
  readonly truth: Int32Array;
  readonly labels: Int32Array;
}

/**
 * A run of 240 examples, a tenth of them mislabelled, the last two strange, the first two copies of each other. The same
 * in every run of the tests: of some draws fewer errors are found than of most.
 */
async function planted(meta: Record<string, MetaValues> = {}, heldOut = true, seed = 1): Promise<Planted> {
  const random = seededRandom(seed);
  const size = 240;
  const truth = Int32Array.from({ length: size }, (_, i) => i % CLASSES);
  const labels = truth.map((label, i) => (i % 10 === 5 ? (label + 1) % CLASSES : label));
  const features = Float32Array.from({ length: 6 * size }, (_, at) => {
    const i = Math.floor(at / 6);
    const centre = at % 6 === truth[i]! ? 6 : 0;
    return i >= size - 2 ? random.normal() - 20 : centre + random.normal();
  });
  features.copyWithin(0, 3 * 6, 4 * 6);
  const outputs = Array.from({ length: CLASSES }, () => new Float32Array(size));
  for (let i = 0; i < size; i++) {
    const sure = 0.5 + 0.45 * random.uniform();
    for (let c = 0; c < CLASSES; c++) outputs[c]![i] = c === truth[i] ? sure : (1 - sure) / 2;
  }
  const column = (
    metric: string,
    name: string,
    hardDirection: 'high' | 'low',
    values: Float32Array,
  ): ScoresToWrite => ({
    metric,
    column: name,
    window: 'complete',
    hardDirection,
    checkpoints: 4,
    values,
  });
  const loss = Float32Array.from(labels, (label, i) => -Math.log(outputs[label]![i]!) + 0.1 * random.normal());
  const storage = memoryStorage();
  const writer = await createRun(storage, { examples: size, classNames: ['ant', 'bee', 'cat'] });
  const probabilities = outputs.map((values, c) => column('held-out', `probability${c}`, 'low', values));
  await writer.scores({
    ids: Array.from({ length: size }, (_, i) => `e${i}`),
    paths: Array.from({ length: size }, (_, i) => `photos/${i}.png`),
    labels,
    predicted: truth,
    scores: [column('mean-loss', 'mean-loss', 'high', loss), ...(heldOut ? probabilities : [])],
    meta,
  });
  await writer.features({ data: features, examples: size, size: 6 });
  await writer.finish();
  return { run: await openRun(storage), seed, truth, labels };
}

test('label errors, strangers and twins are found, written and read again', async () => {
  for (const seed of [1, 2, 3]) {
    const { run, truth, labels } = await planted({}, true, seed);
    const found = await findIssues(run);
    assert.equal(await run.issues(), JSON.parse(JSON.stringify(found)));
    const wrong = found.issues.filter(({ kind, flagged }) => kind === 'label' && flagged);
    const right = wrong.filter(({ id, suggested }) => {
      const i = Number(String(id).slice(1));
      return labels[i] !== truth[i] && suggested === truth[i];
    });
    assert.ok(right.length >= 14 && wrong.length <= 30, `seed ${seed}: ${right.length} of ${wrong.length} flagged`);
    const flaggedOf = (kind: string): (string | number)[] =>
      found.issues.filter((issue) => issue.kind === kind && issue.flagged).map(({ id }) => id);
    assert.ok(
      ['e238', 'e239'].every((id) => flaggedOf('outlier').includes(id)),
      `seed ${seed}: ${flaggedOf('outlier')}`,
    );
    assert.ok(
      ['e0', 'e3'].every((id) => flaggedOf('duplicate').includes(id)),
      `seed ${seed}: ${flaggedOf('duplicate')}`,
    );
    assert.equal(
      found.summary.map(({ kind }) => kind),
      ['label', 'outlier', 'duplicate', 'ambiguous', 'imbalance'],
    );
  }
});

test('the suggested labels come into the scores table, and nothing else in it changes', async () => {
  const { run, truth } = await planted({ camera: Array<string>(240).fill('a') });
  const before = await run.scores();
  const [loss, paths] = [await before.values('mean-loss'), await before.paths()];
  const { issues } = await findIssues(run);
  const after = await run.scores();
  const suggested = (await after.suggested())!;
  for (const { kind, flagged, id } of issues) {
    const i = Number(String(id).slice(1));
    if (kind === 'label') assert.is(suggested[i] !== -1, flagged, String(id));
  }
  assert.ok([...suggested.keys()].filter((i) => suggested[i] === truth[i]).length >= 14);
  assert.equal(await after.values('mean-loss'), loss);
  assert.equal(await after.paths(), paths);
  assert.equal(
    [after.columns, after.metaNames, after.primary, after.classNames],
    [before.columns, before.metaNames, before.primary, before.classNames],
  );
});

test('metadata makes groups, and a split tells leakage', async () => {
  const half = Array.from({ length: 240 }, (_, i) => (i % 10 === 5 || i % 10 === 6 ? 'night' : 'day'));
  const split = Array.from({ length: 240 }, (_, i) => (i === 3 ? 'test' : 'train'));
  const { run } = await planted({ half, split });
  const { issues } = await findIssues(run, { write: false });
  assert.is(issues.find(({ kind, flagged }) => kind === 'group' && flagged)?.id, 'half=night');
  assert.match(issues.find(({ id, kind }) => id === 'e3' && kind === 'duplicate')!.detail!, /^leaking/);
  assert.is(await run.has('issues.json'), false);
});

test('measured images are judged, and only what is asked for is looked for', async () => {
  const { run } = await planted();
  const grey = measureImage({ data: new Uint8Array(64).fill(128), width: 8, height: 8, channels: 1 });
  const images = Array.from({ length: 240 }, (_, i) => (i === 7 ? grey : null));
  const { issues, summary } = await findIssues(run, { images, kinds: ['image'], write: false });
  assert.equal(
    issues.map(({ id, detail }) => [id, detail]),
    [['e7', 'blank']],
  );
  assert.equal(
    summary.map(({ kind, examined }) => [kind, examined]),
    [['image', 1]],
  );
});

test('without outputs the trajectory judges; a kind that nothing tells of is refused', async () => {
  const { run, seed } = await planted({}, false);
  const { issues, summary } = await findIssues(run, { write: false });
  assert.ok(
    issues.some(({ kind, flagged }) => kind === 'label' && flagged),
    `seed ${seed}`,
  );
  assert.not.ok(summary.some(({ kind }) => kind === 'ambiguous'));
  await rejects('ARGUMENT_INVALID', () => findIssues(run, { kinds: ['image'] }), /measureImage/);
  await rejects('ARGUMENT_INVALID', () => findIssues(run, { kinds: ['colour'] as never }));
});

test('a run of two examples and one without labels are answered', async () => {
  const storage = memoryStorage();
  const writer = await createRun(storage, { examples: 2 });
  const values = Float32Array.of(1, NaN);
  const score = {
    metric: 'mean-loss',
    column: 'mean-loss',
    window: 'complete',
    hardDirection: 'high',
    checkpoints: 1,
    values,
  } as const;
  await writer.scores({ ids: [1, 2], scores: [score] });
  assert.equal((await findIssues(await openRun(storage))).summary, []);
  await writer.scores({ ids: [1, 2], labels: Int32Array.of(0, 1), scores: [score] });
  const kinds = (await findIssues(await openRun(storage))).summary.map(({ kind }) => kind);
  assert.equal(kinds, ['label', 'imbalance']);
});

async function rejects(code: ErrorCode, run: () => Promise<unknown>, message?: RegExp): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof VogError)) throw error;
    assert.is(error.code, code, error.message);
    if (message) assert.match(error.message, message);
    return;
  }
  assert.unreachable(`${code} was expected`);
}

test.run();
