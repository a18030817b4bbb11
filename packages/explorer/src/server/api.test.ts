import { mkdtemp, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRun, EXPORT_FORMATS, memoryStorage } from '@vogjs/run';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type {
  ApiCorrections,
  ApiIssues,
  ApiNeighbours,
  ApiReviews,
  ApiTrajectory,
  RunDescription,
  RunList,
} from '../api/types.js';
import { type Client, CLASS_NAMES, IDS, SCORES, served, writeRun } from './served.test.helper.js';

async function withServed(work: (client: Client) => Promise<void>, ...args: Parameters<typeof served>): Promise<void> {
  const client = await served(...args);
  try {
    await work(client);
    assert.equal(client.failures, []);
  } finally {
    await client.close();
  }
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'vogjs-explorer-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const told = (body: Buffer): string => (JSON.parse(body.toString()) as { message: string }).message;

test('a column of scores comes bit by bit as float32, and texts as JSON', () =>
  withServed(async (client) => {
    const { body, headers } = await client.ask('GET', `/api/runs/0/columns/${await client.column('vog')}`);
    assert.is(headers['content-type'], 'application/octet-stream');
    assert.equal([...body], [...new Uint8Array(SCORES.buffer)]);
    const floats = async (name: string): Promise<number[]> => {
      const reply = await client.ask('GET', `/api/runs/0/columns/${await client.column(name)}`);
      return [...new Float32Array(Uint8Array.from(reply.body).buffer)];
    };
    assert.equal(await floats('label'), [0, 1, 2, 0, 1, 2]);
    assert.equal(await floats('predicted'), [0, 1, 1, 0, -1, 2]);
    assert.equal(await floats('width'), [1, 2, Number.NaN, 4, 5, 6]);
    assert.equal(await floats('cut'), [1, 0, Number.NaN, 1, 1, 1]);
    assert.equal(await client.json(`/api/runs/0/columns/${await client.column('id')}`), IDS);
    assert.equal(await client.json(`/api/runs/0/columns/${await client.column('group')}`), [
      'x',
      null,
      'y',
      '',
      'z',
      'z',
    ]);
  }, null));

test('a run is described whole, without names of files', () =>
  withServed(async (client) => {
    const description = await client.json<RunDescription>('/api/runs/0');
    assert.equal(description.manifest.classNames, CLASS_NAMES);
    assert.equal(description.faults, []);
    assert.equal(description.has, { issues: true, trajectories: true, features: true, ood: false });
    assert.is(description.thumbs?.count, 6);
    assert.is(description.primary, 'vog');
    assert.is(description.columns.find(({ name }) => name === 'vog')?.hardDirection, 'high');
    assert.not.match(JSON.stringify(description), /\.png/);
  }, null));

test('issues, neighbours and trajectories are about rows', () =>
  withServed(async (client) => {
    const { issues, strangers } = await client.json<ApiIssues>('/api/runs/0/issues');
    assert.equal(
      issues.map(({ kind, row, name, others }) => [kind, row, name, others]),
      [
        ['label', 2, null, []],
        ['duplicate', 4, null, [5]],
        ['imbalance', null, 'cat', []],
      ],
    );
    assert.is(strangers, 1);
    const near = await client.json<ApiNeighbours>('/api/runs/0/neighbours/0');
    assert.equal(near.rows, [4, 2, 1, 5]);
    const cosines = [2 / Math.hypot(2, 0.1), Math.SQRT1_2, 0, -1];
    for (const [at, cosine] of near.cosines.entries()) assert.ok(Math.abs(cosine - cosines[at]!) < 1e-7);
    assert.equal(await client.json('/api/runs/0/neighbours/3'), { rows: [], cosines: [] }, 'zeros point nowhere');
    const trajectory = await client.json<ApiTrajectory>('/api/runs/0/trajectories/5');
    assert.equal(trajectory, { labelProbability: [0.25, 0.75], margin: [null, null], loss: [2, 1], predicted: [0, 1] });
  }, null));

test('sheets are PNG, and every export of a run comes', () =>
  withServed(async (client) => {
    const { body, headers } = await client.ask('GET', '/api/runs/0/thumbs/0');
    assert.equal([headers['content-type'], body.subarray(1, 4).toString()], ['image/png', 'PNG']);
    for (const [format, name] of EXPORT_FORMATS.entries()) {
      const reply = await client.ask('GET', `/api/runs/0/exports/${format}`);
      assert.is(reply.status, 200, name);
      assert.ok(reply.body.length > 0, name);
    }
  }, null));

test('a decision is on the disk before its answer, and corrections follow from it', () =>
  inFolder(async (folder) => {
    await writeRun(folder);
    await withServed(async (client) => {
      const said = { decision: 'relabel', label: 1, note: 'a "dog"', kind: 'label', by: 'ada' };
      const { status, body } = await client.post('/api/reviews', { run: 0, reviews: [{ row: 2, ...said }] });
      const lines = (await readFile(join(folder, 'reviews.jsonl'), 'utf8')).trimEnd().split('\n');
      assert.is(status, 200, body.toString());
      const { reviews } = JSON.parse(body.toString()) as { reviews: Record<string, unknown>[] };
      const { row, ...written } = reviews[0]!;
      assert.equal([row, lines.map((line) => JSON.parse(line) as unknown)], [2, [{ id: IDS[2], ...written }]]);
      assert.equal(written, { ...said, when: written['when'] });

      const many = [0, 1, 3, 4].map((each) => ({ row: each, decision: each === 4 ? 'skip' : 'exclude' }));
      await client.post('/api/reviews', { run: 0, reviews: many });
      await client.post('/api/reviews', { run: 0, reviews: [{ row: 3, decision: 'undo' }] });
      const { standing, skipped } = await client.json<ApiReviews>('/api/runs/0/reviews');
      const found = standing.map((review) => `${review.row} ${review.decision}`).toSorted();
      assert.equal([found, skipped], [['0 exclude', '1 exclude', '2 relabel'], [4]]);
      const corrected = await client.post('/api/corrections', { run: 0 });
      const answer = JSON.parse(corrected.body.toString()) as ApiCorrections;
      assert.equal([answer.corrections.length, answer.file], [3, join(folder, 'corrections.csv')]);
      assert.match(await readFile(join(folder, 'corrections.csv'), 'utf8'), /run\.json,<b>bird<\/b>,dog,relabel/);
    }, folder);
  }));

test('what is no decision is refused whole, with the reason', () =>
  withServed(async (client) => {
    const good = { row: 0, decision: 'confirm' };
    const cases: [unknown, number, RegExp][] = [
      [{ run: 0 }, 400, /reviews must be a list/],
      [{ run: 0, reviews: [] }, 400, /1 to/],
      [{ run: '0', reviews: [good] }, 400, /number of a run/],
      [{ run: 3, reviews: [good] }, 404, /no run number 3/],
      [{ run: 0, reviews: [good, null] }, 400, /object/],
      [{ run: 0, reviews: [good, { row: 6, decision: 'confirm' }] }, 404, /no row 6/],
      [{ run: 0, reviews: [good, { row: 0.5, decision: 'confirm' }] }, 404, /no row 0\.5/],
      [{ run: 0, reviews: [good, { row: 'length', decision: 'confirm' }] }, 404, /no row/],
      [{ run: 0, reviews: [good, { row: 1, decision: 'delete' }] }, 400, /decision is "delete"/],
      [{ run: 0, reviews: [good, { row: 1, decision: 'relabel', label: 3 }] }, 400, /class index below 3/],
      [{ run: 0, reviews: [good, { row: 1, decision: 'confirm', note: 7 }] }, 400, /note/],
    ];
    for (const [body, status, message] of cases) {
      const reply = await client.post('/api/reviews', body);
      assert.is(reply.status, status, JSON.stringify(body));
      assert.match(told(reply.body), message);
    }
    assert.equal((await client.json<ApiReviews>('/api/runs/0/reviews')).standing, []);
  }, null));

test('read-only refuses decisions and corrections, and says how to allow them', () =>
  withServed(
    async (client) => {
      for (const path of ['/api/reviews', '/api/corrections']) {
        const { status, body } = await client.post(path, { run: 0, reviews: [{ row: 0, decision: 'confirm' }] });
        assert.is(status, 403);
        assert.match(told(body), /--read-only/);
      }
      assert.is((await client.json<RunList>('/api/runs')).readOnly, true);
    },
    null,
    { readOnly: true },
  ));

test('a directory of runs lists them by name, those that come later too, and a damaged one with its fault', () =>
  inFolder(async (folder) => {
    await writeRun(join(folder, 'b'));
    await writeRun(join(folder, 'a'));
    await symlink(join(folder, 'a'), join(folder, 'link'));
    await writeFile(join(folder, 'no-run.txt'), '');
    await withServed(async (client) => {
      await writeRun(join(folder, 'Later'));
      await truncate(join(folder, 'b/run.json'), 40);
      const { runs } = await client.json<RunList>('/api/runs');
      assert.equal(
        runs.map(({ run, name, state }) => [run, name, state]),
        [
          [0, 'a', 'running'],
          [1, 'b', 'damaged'],
          [2, 'link', 'running'],
          [3, 'Later', 'running'],
        ],
      );
      assert.match(String(runs[1]?.message), /run\.json.*is damaged/);
      const { status, body } = await client.ask('GET', '/api/runs/1');
      assert.is(status, 422);
      assert.match(told(body), /Restore it from a copy/);
      assert.is((await client.json<RunDescription>('/api/runs/3')).name, 'Later');
    }, folder);
  }));

test('where there is no run, and where it is of a newer version, opening says so', () =>
  inFolder(async (folder) => {
    for (const place of [folder, join(folder, 'nothing')]) {
      const error = await served(place).catch((thrown: unknown) => thrown);
      assert.match(String(error), /There is no run in .* vogjs score wrote/);
    }
    await writeFile(join(folder, 'run.json'), '{"format":"vogjs-run","version":9}');
    assert.match(String(await served(folder).catch((thrown: unknown) => thrown)), /version 9/);
  }));

test('a damaged part is told as a fault while the others are there, and is read again once mended', () =>
  inFolder(async (folder) => {
    await writeRun(folder);
    const table = join(folder, 'scores.parquet');
    const whole = await readFile(table);
    await writeFile(table, whole.subarray(0, whole.length - 9));
    await withServed(async (client) => {
      const description = await client.json<RunDescription>('/api/runs/0');
      assert.is(description.columns.length, 0);
      assert.match(description.faults.join(), /scores\.parquet.*damaged/);
      assert.ok(description.thumbs !== null && description.has.issues);
      const { status, headers } = await client.ask('GET', '/api/runs/0/issues');
      assert.equal([status, headers['content-type']], [422, 'application/json; charset=utf-8']);
      await writeFile(table, whole);
      const mended = await client.json<RunDescription>('/api/runs/0');
      assert.not.equal(mended.edition, description.edition);
      assert.ok(mended.columns.length > 0);
    }, folder);
  }));

test('a run that is being written has no columns yet, and shows them once they are there', async () => {
  const storage = memoryStorage();
  const run = await createRun(storage, { examples: 2 });
  await withServed(async (client) => {
    const before = await client.json<RunDescription>('/api/runs/0');
    assert.equal([before.columns.length, before.faults, before.manifest.state], [0, [], 'running']);
    assert.is((await client.ask('GET', '/api/runs/0/columns/0')).status, 404);
    await run.scores({ ids: [7, 8], scores: [] });
    const { columns } = await client.json<RunDescription>('/api/runs/0');
    assert.equal(
      columns.map(({ name }) => name),
      ['id'],
    );
    assert.equal(await client.json('/api/runs/0/columns/0'), [7, 8]);
  }, storage);
});

test.run();
