import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as tf from '@tensorflow/tfjs';
import { bootBackend } from '@vogjs/testing';
import { defineMetric } from '../metrics/define-metric.js';
import { loss } from '../resources/builtin.js';
import type { TrackerOptions } from '../run/options.js';
import { DeviceStateStore } from '../run/state-store.js';
import { TOKENS } from '../run/tokens.js';
import { Checkpointing } from './checkpointing.js';
import { CheckpointPass } from './checkpoint-pass.js';
import { Commands } from './commands.js';
import { servicesOf, trackerContainer } from './container.js';
import { createTracker } from './create-tracker.js';
import { Later } from './later.js';
import { Monitors } from './monitors.js';
import { Scoring } from './scoring.js';

const test = suite('the container of a tracker');
test.before.each(() => bootBackend('cpu'));

const meanLoss = defineMetric({
  name: 'mean-loss',
  hardDirection: 'high',
  requires: { loss },
  init: ({ size }) => ({ sum: tf.zeros([size]) }),
  update: ({ sum }, values) => ({ sum: tf.add(sum, values.loss) }),
  compute: ({ sum }, { checkpoints }) => tf.div(sum, checkpoints),
});
const options = (more: Partial<TrackerOptions> = {}): TrackerOptions => ({
  inputs: { data: [1, 2, 3, 4], shape: [4, 1] },
  labels: [0, 1, 0, 1],
  metrics: [meanLoss],
  ...more,
});
const model = (x: tf.Tensor | tf.Tensor[]): tf.Tensor => tf.concat([x as tf.Tensor2D, tf.neg(x as tf.Tensor2D)], 1);

test('one object of each service a tracker, and another for another tracker', async () => {
  const [one, two] = [trackerContainer(options()), trackerContainer(options())];
  // Their code comes when training begins.
  for (const scope of [one, two]) await scope.resolve(Later).training();
  for (const token of [CheckpointPass, Checkpointing, Commands, Monitors, Scoring]) {
    assert.is(one.resolve<object>(token as never), one.resolve<object>(token as never), token.name);
    assert.is.not(one.resolve<object>(token as never), two.resolve<object>(token as never), token.name);
  }
  for (const token of [TOKENS.run, TOKENS.events, TOKENS.stateStore, TOKENS.probe]) {
    assert.is(one.resolve<object>(token as never), one.resolve<object>(token as never));
    assert.is.not(one.resolve<object>(token as never), two.resolve<object>(token as never));
  }
});

test('what provide gives is what every service is given', () => {
  const provide = {
    clock: { now: () => 5 },
    logger: { warn() {} },
    stateStore: new DeviceStateStore(),
    gradientEngine: { run: () => assert.unreachable() },
    modelAdapter: { bind: () => assert.unreachable() },
  };
  const scope = trackerContainer(options({ provide: provide as never }));
  for (const [part, given] of Object.entries(provide)) {
    assert.is(scope.resolve<object>(TOKENS[part as keyof typeof provide] as never), given, part);
  }
});

test('what comes later is loaded once, and refused by a tracker that was disposed meanwhile', async () => {
  const scope = trackerContainer(options());
  const later = scope.resolve(Later);
  const [first, second] = await Promise.all([later.training(), later.training()]);
  assert.is(first, second);
  assert.is(first.scoring, scope.resolve(Scoring));
  const tracker = createTracker(options());
  const begun = tracker.begin(model).then(
    () => 'begun',
    (error: { code?: string }) => error.code,
  );
  tracker.dispose();
  assert.is(await begun, 'DISPOSED');
});

test('disposing the container disposes its services, and a tracker disposes its container', async () => {
  const scope = trackerContainer(options());
  const services = servicesOf(scope);
  let disposed = 0;
  for (const service of [services.commands, services.monitors]) {
    const own = service.dispose.bind(service);
    service.dispose = () => {
      disposed++;
      own();
    };
  }
  void scope.dispose();
  assert.is(disposed, 2);
  assert.throws(() => scope.resolve(Commands), /disposed/);
});

test('a monitor that throws in dispose is logged; states are freed, the others disposed, and streams end', async () => {
  const warnings: string[] = [];
  let [others, completed] = [0, 0];
  const monitor = (name: string, dispose: () => void): object => ({
    name,
    figures: ['x'],
    checkpoint: () => ({ x: 1 }),
    dispose,
  });
  const tensors = tf.memory().numTensors;
  const tracker = createTracker(
    options({
      monitors: [
        monitor('bad', () => {
          throw new Error('planned');
        }),
        monitor('good', () => void others++),
      ] as never,
      provide: { logger: { warn: (message) => warnings.push(message) } },
    }),
  );
  tracker.checkpoints$.subscribe({ complete: () => void completed++ });
  await tracker.checkpoint(model, { epoch: 0 });
  tracker.dispose();
  assert.equal([others, completed], [1, 1]);
  assert.match(warnings.join(), /monitor 'bad' failed in dispose: Error: planned/);
  assert.is(tf.memory().numTensors, tensors);
});

test.run();
