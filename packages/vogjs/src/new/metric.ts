import type { PluginName } from './plugin-name.js';

/** A metric that works: how often the two likeliest classes came near each other. */
export function metricFiles({ kebab, camel, pascal }: PluginName): Record<string, string> {
  return {
    [`src/${kebab}.ts`]: `import * as tf from '@tensorflow/tfjs';
import { logits } from '@vogjs/core';
import { defineMetric, type OptionsOf, positive } from '@vogjs/core/plugin';

export type ${pascal}Options = OptionsOf<typeof ${camel}>;

/**
 * The share of checkpoints at which the model's first choice led its second by less than \`close\` logits. Needs no labels.
 *
 * A metric is a fold: \`init\` makes the state of one chunk of examples, \`update\` moves it on by a checkpoint, \`compute\` gives a
 * value per example, and \`merge\` joins two stretches of training. The engine disposes; a metric never does.
 */
export const ${camel} = defineMetric({
  name: '${kebab}',
  hardDirection: 'high',
  words: { title: '${pascal.replaceAll(/(?<=[a-z0-9])([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`)}', meaning: 'the share of checkpoints at which the second choice came near' },
  options: { close: positive().default(1).about('A lead below this counts, in logits.') },
  requires: () => ({ logits }),
  init: ({ size }) => ({ count: tf.zeros([size]) }),
  update: ({ count }, { logits: z }, _, { close }) => {
    const { values } = tf.topk(z, 2);
    const [first, second] = tf.unstack(values, 1) as [tf.Tensor1D, tf.Tensor1D];
    return { count: tf.add(count, tf.cast(tf.less(tf.sub(first, second), close), 'float32')) };
  },
  compute: ({ count }, { checkpoints }) => tf.div(count, checkpoints),
  merge: (a, b) => ({ count: tf.add(a.count, b.count) }),
});
`,
    [`src/${kebab}.test.ts`]: `import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { createTracker } from '@vogjs/core';
import { checkMetric } from '@vogjs/core/plugin';
import { ${camel} } from './index.js';

before(() => tf.setBackend('cpu'));

/** A model whose logits are its inputs: what comes of them can be read off the numbers. */
const echo = (x: tf.Tensor | tf.Tensor[]): tf.Tensor => tf.mul(x as tf.Tensor, 1);
/** Three examples, whose first choices lead by 2, 0.5 and 0. */
const inputs = { data: Float32Array.from([3, 0, 1, 5, 4.5, -2, 0, 0, 0]), shape: [3, 3] };

test('leads of 2, 0.5 and 0 are one clear win and two close calls', async () => {
  const tracker = createTracker({ inputs, metrics: [${camel}()] });
  await tracker.checkpoint(echo, { epoch: 0 });
  assert.deepEqual([...(await tracker.scores('${kebab}')).values], [0, 1, 1]);
  tracker.dispose();
});

test('it keeps the laws of a metric: purity, merge, round trip, chunks, no leak, direction', async () => {
  await checkMetric(${camel}());
});

test('an unknown option and a wrong value are refused', () => {
  assert.throws(() => ${camel}({ clse: 1 } as never), /unknown option 'clse'/);
  assert.throws(() => ${camel}({ close: 0 }), /close must be/);
});
`,
  };
}
