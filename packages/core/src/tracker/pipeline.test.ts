import { Subject } from 'rxjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Metric } from '../metrics/metric.js';
import type { ScorableModel } from '../model/model.js';
import { positionAt } from '../schedule/position.js';
import { type Command, pipeline, type Stages } from './pipeline.js';

const test = suite('pipeline');
const model: ScorableModel = (x) => x as never;
const metric = { name: 'a' } as Metric;

/** Feeds commands; every second epoch is due. */
function fed(stages: Partial<Stages> = {}) {
  const log: string[] = [];
  const commands$ = new Subject<Command>();
  const subscription = pipeline(commands$, {
    position: async (observation) => {
      log.push(`position ${observation.at.epoch}`);
      return { ...observation, position: positionAt(observation.at, {}, null) };
    },
    meet: async (placed) => {
      log.push(`meet ${placed.position.epoch}`);
      await Promise.resolve();
      return placed;
    },
    due: async (placed) => ({ ...placed, metrics: placed.position.epoch % 2 === 0 ? [metric] : [] }),
    take: async ({ position }) => {
      log.push(`take ${position.epoch}`);
      await new Promise((resolve) => setTimeout(resolve, 2));
      log.push(`taken ${position.epoch}`);
      return true;
    },
    alive: (turn$) => turn$,
    ...stages,
  }).subscribe();
  const feed = (does: Command['does']): Promise<unknown> =>
    new Promise((resolve, reject) => commands$.next({ does, resolve, reject }));
  const observe = (epoch: number, asked = false): Promise<unknown> => feed({ model, at: { epoch }, asked });
  return { log, feed, observe, commands$, subscription };
}

test('an observation finds its place, meets the model, and is taken when due; the acknowledgement says whether', async () => {
  const { log, observe } = fed();
  assert.equal(await Promise.all([observe(0), observe(1), observe(3, true)]), [true, false, true]);
  assert.equal(log, [
    'position 0',
    'meet 0',
    'take 0',
    'taken 0',
    'position 1',
    'meet 1',
    'position 3',
    'meet 3',
    'take 3',
    'taken 3',
  ]);
});

test('other work waits for the checkpoint before it, and the checkpoint after for it', async () => {
  const { log, observe, feed } = fed();
  const first = observe(0);
  const work = feed(async () => {
    log.push('work');
    await Promise.resolve();
    log.push('worked');
    return 5;
  });
  const last = observe(2);
  assert.equal(await Promise.all([first, work, last]), [true, 5, true]);
  assert.equal(log.slice(3, 7), ['taken 0', 'work', 'worked', 'position 2']);
});

test('each failure is its own caller’s, at whatever stage, and those after have their turns', async () => {
  for (const stage of ['position', 'meet', 'due', 'take'] as const) {
    let calls = 0;
    const stages: Partial<Stages> = {
      [stage]: () => {
        if (++calls === 1) throw new Error(`planned in ${stage}`);
        if (stage === 'take') return Promise.resolve(true);
        const placed = { model, at: { epoch: 0 }, asked: true, position: positionAt({ epoch: 0 }, {}, null) };
        return Promise.resolve(stage === 'due' ? { ...placed, metrics: [metric] } : placed);
      },
    };
    const { observe } = fed(stages);
    const outcomes = await Promise.allSettled([observe(0), observe(2)]);
    assert.equal(
      outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : String(outcome.reason))),
      [`Error: planned in ${stage}`, true],
    );
  }
});

test('when the commands end, those that wait still have their turns', async () => {
  const { observe, commands$, subscription } = fed();
  const waiting = [observe(0), observe(2)];
  commands$.complete();
  assert.equal(await Promise.all(waiting), [true, true]);
  assert.is(subscription.closed, true);
});

test.run();
