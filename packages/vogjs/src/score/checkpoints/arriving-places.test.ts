// What is waited for, and how long, where a place fails or has not all of a checkpoint yet.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { type ErrorCode, VogError } from '@vogjs/base';
import { selectBackend } from '@vogjs/core/node';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { arrivingModels } from './arriving-models.js';
import type { Arrival, Checkpoints, Ended } from './checkpoints.js';
import type { CheckpointPlace, FoundCheckpoint } from './found.js';
import { Pace } from './pace.js';
import { saveModel } from './save-model.test.helper.js';

const test = suite('places of checkpoints that are still being saved');
const folder = mkdtempSync(join(tmpdir(), 'vogjs-places-'));
test.before(async () => {
  await selectBackend('cpu');
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3] })] });
  await saveModel(model, folder);
});
test.after(() => rmSync(folder, { recursive: true }));

type Looked = Awaited<ReturnType<CheckpointPlace['find']>>;

/** A checkpoint that is in the folder, and fails as it is asked to. */
function checkpoint(name: string, made: Partial<FoundCheckpoint> = {}): FoundCheckpoint {
  return {
    path: `s3://bucket/${name}`,
    source: name,
    stamps: async () => [name],
    lacking: async () => null,
    content: async () => [name, name],
    use: (use) => use(folder),
    ...made,
  };
}

const failing = (code: ErrorCode): VogError => new VogError(code, `This is ${code}.`);

/** A store whose looks give these, one after the other; the last stays. */
function placeOf(...looks: (readonly FoundCheckpoint[] | VogError)[]): CheckpointPlace {
  let at = 0;
  return {
    isAtomic: true,
    looks: [1, 4],
    async find(): Promise<Looked> {
      const look = looks[Math.min(at++, looks.length - 1)] ?? [];
      if (look instanceof VogError) throw look;
      return { found: look, others: [], isBusy: false };
    },
  };
}

const watched = (
  place: CheckpointPlace,
  { until = 2, idle = 1, lag }: { until?: number; idle?: number; lag?: number } = {},
): Promise<Checkpoints> =>
  arrivingModels({ pattern: 's3://bucket/*', model: undefined, layout: 'tfjs', until, idle, lag }, place);

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'none',
    (error: VogError) => `${error.code}: ${error.message}`,
  );
}

const following = async (checkpoints: Checkpoints, after: string): Promise<Arrival | Ended> =>
  (await checkpoints.next?.(1, after)) as Arrival | Ended;

test('a place is looked at half as often each time that it is busy, down to once in the longest', () => {
  const pace = new Pace([5, 60]);
  assert.equal(
    [false, true, true, true, true, true, false].map((isBusy) => pace.rest(isBusy)),
    [5, 10, 20, 40, 60, 60, 5],
  );
});

test('a store that is away is asked again, and a checkpoint that is there at last is taken', async () => {
  const place = placeOf(failing('STORAGE_UNREACHABLE'), [], failing('STORAGE_DAMAGED'), [checkpoint('e-1')]);
  const checkpoints = await watched(place);
  const model = (await checkpoints.open(0)) as tf.LayersModel;
  assert.equal(model.outputs[0]?.shape, [null, 2]);
  checkpoints.close();
});

test('one that stays away ends the waiting with its error; one that refuses ends it at once', async () => {
  assert.match(await codeOf(watched(placeOf(failing('STORAGE_UNREACHABLE')), { idle: 0.001 })), /^STORAGE_UNREACHABLE/);
  assert.match(await codeOf(watched(placeOf(failing('STORAGE_FORBIDDEN')), { idle: 1e6 })), /^STORAGE_FORBIDDEN/);
  const checkpoints = await watched(placeOf([checkpoint('e-1')], failing('STORAGE_UNREACHABLE')), { idle: 0.001 });
  assert.match(await codeOf(following(checkpoints, 'e-1')), /^STORAGE_UNREACHABLE/);
});

test('what has not all of its files is waited for, and named where it stays so', async () => {
  let looks = 0;
  const later = checkpoint('e-1', { lacking: async () => (++looks < 3 ? 'weights.bin' : null) });
  await watched(placeOf([later]));
  assert.is(looks, 3);
  const never = checkpoint('e-2', { lacking: async () => 'weights.bin' });
  assert.match(
    await codeOf(watched(placeOf([never]), { idle: 0.001 })),
    /^CHECKPOINT_INVALID: No checkpoint.*came within.*s3:\/\/bucket\/e-2 is not whole: it lacks weights\.bin\. Start the training/,
  );
  const checkpoints = await watched(placeOf([checkpoint('e-1')], [checkpoint('e-1'), never]), { idle: 0.001 });
  assert.equal(await following(checkpoints, 'e-1'), { why: 's3://bucket/e-2 is not whole: it lacks weights.bin' });
});

test('one that is replaced while it is fetched, or cannot be fetched just now, is taken later', async () => {
  const errors = [failing('STORAGE_ABSENT'), failing('STORAGE_UNREACHABLE')];
  const use: FoundCheckpoint['use'] = async (take) => {
    const error = errors.shift();
    if (error !== undefined) throw error;
    return take(folder);
  };
  await watched(placeOf([checkpoint('e-1', { use })]));
  assert.is(errors.length, 0);
  const full = checkpoint('e-1', { use: () => Promise.reject(failing('DISK_FULL')) });
  assert.match(await codeOf(watched(placeOf([full]), { idle: 1e6 })), /^DISK_FULL/);
});

test('with a lag older ones are passed over; without news the waiting ends and says so', async () => {
  const all = [1, 2, 3, 4].map((at) => checkpoint(`e-${at}`));
  const checkpoints = await watched(placeOf([all[0] as FoundCheckpoint], all), { until: 9, idle: 0.001, lag: 1 });
  const arrival = (await following(checkpoints, 'e-1')) as Arrival;
  assert.is(arrival.source, 'e-4');
  assert.equal(arrival.skipped, ['e-2', 'e-3']);
  assert.equal(await following(checkpoints, 'e-4'), { why: 'no checkpoint came for too long' });
});

test.run();
