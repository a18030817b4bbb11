import { seededRandom, VogError } from '@vogjs/base';
import { runSeed } from '@vogjs/testing';
import { decode } from 'fast-png';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openRun } from '../open/open-run.js';
import { memoryStorage } from '../storage/memory.js';
import { OOD } from '../ood/ood-file.js';
import { type OodSetToRecord, type OodToRecord, recordOod } from './record-ood.js';

const seed = runSeed();
const random = seededRandom(seed);

function set(name: string, size: number, more: Partial<OodSetToRecord> = {}): OodSetToRecord {
  const draw = (): number[] => Array.from({ length: size }, () => random.normal());
  return {
    name,
    scores: {
      energy: { values: draw(), oodDirection: 'low', detector: 'energy' },
      distance: { values: draw(), oodDirection: 'high', detector: 'knn', checkpoints: 7 },
    },
    ...more,
  };
}

test(`all sets are in one table, and ood.json says which rows are whose (SEED=${seed})`, async () => {
  const storage = memoryStorage('ood');
  const pixels = (size: number, value: number) => ({
    data: new Uint8Array(size * 4).fill(value),
    shape: [size, 2, 2, 1] as const,
    range: [0, 255] as const,
  });
  const ood = {
    in: set('cats', 5, { labels: [0, 1, 1, 0, 1], ids: ['a', 'b', 'c', 'd', 'e'], images: pixels(5, 10) }),
    out: [set('noise', 3, { images: pixels(3, 200) }), set('dogs', 2, { predictions: [1, 0], images: pixels(2, 90) })],
  };
  await recordOod(storage, ood, { classNames: ['tabby', 'siamese'] });
  const run = await openRun(storage);
  assert.is(run.manifest.state, 'complete');
  const { sets, detectors } = await run.ood();
  assert.equal(detectors, ['energy', 'distance']);
  assert.equal(
    sets.map(({ name, side, start, end }) => [name, side, start, end]),
    [
      ['cats', 'in', 0, 5],
      ['noise', 'out', 5, 8],
      ['dogs', 'out', 8, 10],
    ],
  );
  const table = await run.scores();
  assert.equal(await table.ids(), [
    'cats/a',
    'cats/b',
    'cats/c',
    'cats/d',
    'cats/e',
    'noise/0',
    'noise/1',
    'noise/2',
    'dogs/0',
    'dogs/1',
  ]);
  assert.equal([...(await table.labels())!], [0, 1, 1, 0, 1, -1, -1, -1, -1, -1]);
  assert.equal([...(await table.predicted())!], [-1, -1, -1, -1, -1, -1, -1, -1, 1, 0]);
  assert.equal(
    table.columns.map(({ name, metric, hardDirection, checkpoints }) => [name, metric, hardDirection, checkpoints]),
    [
      ['energy', 'energy', 'low', 1],
      ['distance', 'knn', 'high', 7],
    ],
  );
  const expected = [ood.in, ...ood.out].flatMap(({ scores }) => Array.from(scores['energy']!.values));
  assert.equal(await table.values('energy'), Float32Array.from(expected));
  const { sheets } = await run.thumbs();
  const sheet = decode(await storage.read(sheets[0]!));
  assert.equal(
    Array.from({ length: 10 }, (_, at) => sheet.data[at * 2]),
    [10, 10, 10, 10, 10, 200, 200, 200, 90, 90],
    'each picture lies where its row is',
  );
});

const refused = async (ood: OodToRecord): Promise<string> => {
  const storage = memoryStorage('none');
  try {
    await recordOod(storage, ood);
  } catch (error) {
    assert.ok(error instanceof VogError, String(error));
    assert.is(await storage.size('run.json'), null, 'nothing is begun');
    return error.code;
  }
  return 'taken';
};

test('what does not fit together is refused before anything is written', async () => {
  const ins = set('in', 4);
  const out = set('out', 3);
  const { energy } = out.scores;
  const one = (values: number[]) => set('out', 3, { scores: { ...out.scores, energy: { ...energy!, values } } });
  const none = { ...ins, scores: { ...ins.scores, energy: { ...ins.scores['energy']!, checkpoints: 0 } } };
  assert.is(await refused({ in: none, out }), 'ARGUMENT_INVALID');
  assert.is(await refused({ in: ins, out: [] }), 'ARGUMENT_INVALID');
  assert.is(await refused({ in: ins, out: set('in', 3) }), 'ARGUMENT_INVALID');
  assert.is(await refused({ in: ins, out: set('out', 3, { scores: { energy: energy! } }) }), 'ARGUMENT_INVALID');
  const turned = { ...out.scores, energy: { ...energy!, oodDirection: 'high' as const } };
  assert.is(await refused({ in: ins, out: set('out', 3, { scores: turned }) }), 'ARGUMENT_INVALID');
  assert.is(await refused({ in: ins, out: one([1, Number.NaN, 2]) }), 'INPUT_NOT_FINITE');
  assert.is(await refused({ in: ins, out: one([1, 2]) }), 'PROBE_MISMATCH');
  assert.is(await refused({ in: ins, out: set('out', 3, { ids: ['a'] }) }), 'PROBE_MISMATCH');
  assert.is(await refused({ in: ins, out: set('out', 0) }), 'SAMPLE_TOO_SMALL');
  const images = { data: new Uint8Array(12), shape: [3, 2, 2, 1] as const };
  assert.is(await refused({ in: ins, out: set('out', 3, { images }) }), 'INPUT_SHAPE');
  assert.is(await refused({ in: ins, out: { ...out, label: [1] } as OodSetToRecord }), 'ARGUMENT_INVALID');
  assert.is(await refused({ in: ins, out }), 'taken');
});

test('an ood.json that contradicts the run, or is of a newer version, is told', async () => {
  const storage = memoryStorage('ood');
  await recordOod(storage, { in: set('in', 4), out: set('out', 3) });
  const damage = async (text: string): Promise<string> => {
    await storage.write(OOD, new TextEncoder().encode(text));
    return (await openRun(storage)).ood().then(
      () => 'read',
      (error: unknown) => (error as VogError).code,
    );
  };
  const sets = (out: object, first = {}) =>
    JSON.stringify({
      version: 1,
      detectors: ['energy'],
      sets: [
        { name: 'in', side: 'in', start: 0, end: 4, ...first },
        { name: 'out', side: 'out', start: 4, end: 7, ...out },
      ],
    });
  assert.is(await damage(sets({})), 'read');
  for (const out of [{ end: 8 }, { start: 5 }, { end: 4 }, { side: 'in' }, { name: 3 }, { start: 4.5 }]) {
    assert.is(await damage(sets(out)), 'RUN_INVALID', JSON.stringify(out));
  }
  assert.is(await damage(sets({}, { side: 'out' })), 'RUN_INVALID');
  assert.is(await damage('{"version":1,"detectors":[],"sets":[]}'), 'RUN_INVALID');
  assert.is(await damage('{"version":2}'), 'RUN_VERSION');
});

test.run();
