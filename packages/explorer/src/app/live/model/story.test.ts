import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { accuracyLines, lossLines } from './groups.js';
import { Story } from './story.js';

const START = Date.parse('2026-01-01T10:00:00Z');
const at = (second: number): string => new Date(START + 1000 * second).toISOString();

function standing(checkpoint: number, of: number, second: number, more: object = {}): object {
  return {
    type: 'standing',
    when: at(second),
    checkpoint,
    position: { epoch: checkpoint, epochsCompleted: checkpoint + 1, step: 1, progress: (checkpoint + 1) / of },
    epochs: of,
    window: 'complete',
    windows: [],
    milliseconds: 100,
    watching: 2,
    figures: { probe: { loss: 1 / (checkpoint + 1), accuracy: 0.5 } },
    memory: { states: 8, process: null },
    scores: {
      columns: [{ name: 'vog', hardDirection: 'high', scored: 4, mean: checkpoint, bands: [1, 2, 3, 4, 5] }],
      by: 'vog',
      hardest: [],
      flips: null,
    },
    ...more,
  };
}

test('a watched training is told by epochs: figures, bands, time left, and what scoring took', () => {
  const story = new Story();
  story.take({ type: 'watch', when: at(0), metrics: ['vog'], examples: 4, checkpoints: 0 });
  for (const checkpoint of [0, 1, 2]) {
    story.take(standing(checkpoint, 12, 10 * (checkpoint + 1)));
    story.take({
      type: 'logs',
      when: at(10 * (checkpoint + 1)),
      epoch: checkpoint,
      logs: { loss: 3, val_loss: 4, acc: 0.1 },
    });
  }
  assert.equal(
    story.scores.get('vog')?.map(({ x, mean }) => [x, mean]),
    [
      [1, 0],
      [2, 1],
      [3, 2],
    ],
  );
  assert.equal(
    lossLines(story).map(({ name, points }) => [name, points.at(-1)]),
    [
      ['training', { x: 3, y: 3 }],
      ['held out', { x: 3, y: 4 }],
      ['scored examples', { x: 3, y: 1 / 3 }],
    ],
  );
  assert.equal(
    accuracyLines(story).map(({ name }) => name),
    ['training', 'scored examples'],
  );
  // An epoch takes 10 s, and nine are left.
  assert.ok(Math.abs((story.remaining ?? 0) - 90_000) < 1, String(story.remaining));
  assert.equal(story.shares, { scoring: 0.01, watching: 0.0002 });
  assert.equal([story.epoch, story.epochs, story.isDone], [2, 12, false]);
  for (let checkpoint = 3; checkpoint < 12; checkpoint++) story.take(standing(checkpoint, 12, 10 * (checkpoint + 1)));
  assert.equal(
    story.scores.get('vog')?.map(({ x }) => x),
    Array.from({ length: 12 }, (_, at) => at + 1),
  );
  assert.equal([story.isDone, story.remaining], [true, null]);
});

test('a training that is gone on with takes the place of what was told of the epochs that were lost', () => {
  const story = new Story();
  for (const checkpoint of [0, 1, 2]) story.take(standing(checkpoint, 4, checkpoint));
  story.take({ type: 'watch', when: at(60), metrics: [], examples: 4, checkpoints: 1 });
  story.take(standing(1, 4, 61, { figures: { probe: { loss: 7 } } }));
  assert.equal(story.figures.get('probe.loss'), [
    { x: 1, y: 1 },
    { x: 2, y: 7 },
  ]);
  assert.is(story.scores.get('vog')?.length, 2);
  assert.match(story.log.find(({ text }) => text.includes('gone on'))?.text ?? '', /after 1 checkpoint$/);
});

test('what vogjs score and recordRun write without a watch is read as well', () => {
  const story = new Story(4);
  story.take({
    type: 'epoch',
    when: at(0),
    epoch: 0,
    trainingLoss: 2,
    figures: { probe_loss: 3, probe_accuracy: 0.4 },
  });
  assert.equal([story.progress, story.epoch], [0.25, 0]);
  story.take({ type: 'checkpoint', when: at(1), checkpoint: 1, milliseconds: 30, figures: { probe_loss: 2 } });
  assert.equal(
    lossLines(story).map(({ name, points }) => [name, points.length]),
    [
      ['training', 1],
      ['scored examples', 2],
    ],
  );
  assert.equal([story.watched, story.standing, story.log.length], [false, null, 2]);
});

test('a new stage is told, and a reset begins anew', () => {
  const story = new Story();
  const windows = ['early', 'late'];
  story.take(standing(0, 2, 0, { window: 'early', windows }));
  story.take(standing(1, 2, 1, { window: 'late', windows }));
  assert.equal(
    story.log.filter(({ kind }) => kind === 'stage').map(({ text }) => text),
    ['Stage early begins', 'Stage late begins'],
  );
  story.take({ type: 'reset', when: at(2) });
  assert.equal([story.figures.size, story.scores.size, story.standing], [0, 0, null]);
});

test('events that are nonsense are read as far as they make sense', () => {
  const story = new Story();
  const nonsense: unknown[] = [
    null,
    [],
    7,
    'text',
    {},
    { type: 'standing' },
    { type: 'standing', scores: { columns: 1 }, figures: { a: null }, position: 'x', windows: 3, memory: null },
    { type: 'logs', epoch: 'x', logs: { loss: 'NaN' } },
    { type: 'position', progress: null, when: 'never' },
    { type: 'watch' },
    { type: '<b>' },
  ];
  for (const event of nonsense) story.take(event);
  assert.equal([story.figures.size, story.scores.size, story.remaining], [0, 0, null]);
});

test.run();
