// The dashboard of a real tracker in a real fit: what a page is told, when it joins late, and at the end.
import { createServer } from 'node:net';
import * as tf from '@tensorflow/tfjs';
import { VogError } from '@vogjs/base';
import { fitCallback } from '@vogjs/callback';
import type { Tracker } from '@vogjs/core';
import { dashboard, type Dashboard } from '@vogjs/explorer';
import { memoryStorage, createRun } from '@vogjs/run';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { disposeFit, SIZE, smallFit, type SmallFit } from './support/small-fit.js';

const test = suite<SmallFit>('dashboard');

test.before(async () => {
  await tf.setBackend('cpu');
});
test.before.each((context) => {
  Object.assign(context, smallFit());
});
test.after.each(disposeFit);

async function ask(board: Dashboard, path: string): Promise<Response> {
  const response = await fetch(`http://127.0.0.1:${board.port}${path}`, {
    headers: { authorization: `Bearer ${board.token}` },
  });
  assert.is(response.status, 200, path);
  return response;
}

/** A standing after each epoch. */
const THREE = ['standing', 'standing', 'standing'];

/** All events that the page of a run is told when it joins, until these were among them. */
async function eventsOf(board: Dashboard, ...types: readonly string[]): Promise<Record<string, unknown>[]> {
  const { body } = await ask(board, '/api/runs/0/events');
  const reader = body!.getReader();
  let text = '';
  const isMissing = (type: string): boolean =>
    text.split(`"type":"${type}"`).length <= types.filter((each) => each === type).length;
  while (types.some(isMissing)) {
    const { value, done } = await reader.read();
    assert.is(done, false, text);
    text += new TextDecoder().decode(value);
  }
  await reader.cancel();
  return [...text.matchAll(/^data: (\{.*\})$/gm)].map(([, json]) => JSON.parse(json!) as Record<string, unknown>);
}

test('who joins after the fit is told all of it, and finds the scores', async ({ tracker, model, xs, ys }) => {
  const data = await xs.data();
  const board = await dashboard(tracker, { name: 'toy', images: { data, shape: [SIZE, 4, 4, 1] } });
  assert.match(board.link, /\?tab=live#token=/);
  await model.fit(xs, ys, {
    epochs: 3,
    validationData: [xs, ys],
    verbose: 0,
    callbacks: [fitCallback(tracker)],
  });
  const told = (await eventsOf(board, ...THREE, ...THREE.map(() => 'logs'))).filter(
    ({ type }) => type !== 'checkpoint',
  );
  const types = told.filter(({ type }) => type !== 'position').map(({ type }) => type);
  assert.is(types[0], 'watch');
  // Scores are read while the next epoch trains: which of both is told first is nobody's promise.
  assert.equal(types.slice(1).map(String).toSorted(), ['logs', 'logs', 'logs', ...THREE]);
  const last = told.findLast(({ type }) => type === 'standing') as unknown as {
    position: { progress: number };
    scores: { by: string; columns: { name: string; mean: number }[]; hardest: { row: number; value: number }[] };
  };
  const scores = await tracker.scores('vog');
  assert.is(last.position.progress, 1);
  assert.equal([last.scores.by, last.scores.hardest[0]?.row], ['vog', scores.hardest(1)[0]?.index]);
  const mean = scores.values.reduce((sum, value) => sum + value, 0) / SIZE;
  assert.ok(Math.abs(last.scores.columns.find(({ name }) => name === 'vog')!.mean - mean) < 1e-12);
  const { logs } = told.findLast(({ type }) => type === 'logs') as unknown as { logs: Record<string, number> };
  assert.equal(Object.keys(logs).toSorted(), ['acc', 'loss', 'val_acc', 'val_loss']);
  // Scores of the whole training, in the same page.
  const { runs, readOnly } = (await (await ask(board, '/api/runs')).json()) as {
    runs: { name: string }[];
    readOnly: boolean;
  };
  assert.equal([runs[0]?.name, readOnly], ['toy', true]);
  const columns = async (): Promise<string[]> => {
    const run = (await (await ask(board, '/api/runs/0')).json()) as { columns: { name: string }[] };
    return run.columns.map(({ name }) => name);
  };
  // They are written after the last standing.
  let names = await columns();
  for (let looks = 0; names.length === 0 && looks < 500; looks++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    names = await columns();
  }
  assert.ok(names.includes('vog') && names.includes('mean-loss'), String(names));
  await ask(board, '/api/runs/0/thumbs/0');
  await board.close();
});

test('watching moves no score, and two dashboards harm neither', async ({ tracker, model, xs, ys }) => {
  const weights = model.getWeights().map((weight) => weight.dataSync().slice());
  const fit = async (watched: Tracker): Promise<Float32Array> => {
    model.setWeights(weights.map((values, at) => tf.tensor(values, model.getWeights()[at]!.shape)));
    await model.fit(xs, ys, { epochs: 3, shuffle: false, verbose: 0, callbacks: [fitCallback(watched)] });
    return (await watched.scores('vog')).values;
  };
  const boards = [await dashboard(tracker), await dashboard(tracker, { by: 'mean-loss' })];
  const seen = await fit(tracker);
  await tracker.reset();
  await Promise.all(boards.map(({ close }) => close()));
  assert.equal([...(await fit(tracker))], [...seen]);
});

test('a dashboard that is opened late says at once how things stand', async ({ tracker, model, xs, ys }) => {
  await model.fit(xs, ys, { epochs: 2, verbose: 0, callbacks: [fitCallback(tracker)] });
  const board = await dashboard(tracker);
  const told = await eventsOf(board, 'standing');
  assert.is((told.at(-1) as { checkpoint?: number }).checkpoint, 1);
  tracker.dispose();
  assert.is((await eventsOf(board, 'ended')).at(-1)?.['type'], 'ended');
  await board.close();
});

test('a disposed tracker, a wrong metric, pictures of others and a taken port are refused, and nothing is left behind', async ({
  tracker,
}) => {
  const codeOf = (given: Promise<unknown>): Promise<unknown> =>
    given.then(
      () => null,
      (error: unknown) => (error instanceof VogError ? error.code : error),
    );
  assert.is(await codeOf(dashboard(tracker, { by: 'vogue' })), 'METRIC_UNKNOWN');
  assert.is(await codeOf(dashboard(tracker, { images: { data: [1], shape: [1, 1, 1, 1] } })), 'PROBE_MISMATCH');
  assert.is(await codeOf(dashboard(7 as never)), 'ARGUMENT_INVALID');
  assert.is(await codeOf(dashboard('no/such/run')), 'RUN_ABSENT');
  const storage = memoryStorage();
  await createRun(storage, { examples: 1 });
  assert.is(await codeOf(dashboard(storage, { by: 'vog' })), 'ARGUMENT_INVALID');
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as { port: number };
  assert.is(await codeOf(dashboard(tracker, { port })), 'PORT_TAKEN');
  other.close();
  tracker.dispose();
  assert.is(await codeOf(dashboard(tracker)), 'DISPOSED');
});

test.run();
