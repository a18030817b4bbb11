import type { PluginName } from './plugin-name.js';

/** A monitor that works: how sure the model is of examples that are not scored. */
export function monitorFiles({ kebab, camel, pascal }: PluginName): Record<string, string> {
  return {
    [`src/${kebab}.ts`]: `import { collectResources, logits, type ProbeOptions } from '@vogjs/core';
import { defineMonitor, fits, type OptionsOf, positive } from '@vogjs/core/plugin';

export type ${pascal}Options = OptionsOf<typeof ${camel}>;

/** Watches examples that are not scored, such as a validation set: the share with a largest logit below \`low\`. */
export const ${camel} = defineMonitor({
  name: '${kebab}',
  call: '${camel}',
  figures: ['share'],
  options: {
    inputs: fits<ProbeOptions['inputs']>('inputs, as those of a tracker', (value) => value !== null)
      .required()
      .about('Examples to watch.'),
    low: positive().default(1).about('A largest logit below this counts.'),
  },
  watch: ({ inputs, low }) => ({
    checkpoint: async (model) => {
      const { z } = await collectResources(model, { inputs }, { z: logits });
      const [size = 0, classes = 1] = z.shape;
      let count = 0;
      for (let row = 0; row < size; row++) {
        if (Math.max(...z.data.subarray(row * classes, (row + 1) * classes)) < low) count += 1;
      }
      return { share: count / size };
    },
  }),
});
`,
    [`src/${kebab}.test.ts`]: `import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { ${camel} } from './index.js';

before(() => tf.setBackend('cpu'));

const echo = (x: tf.Tensor | tf.Tensor[]): tf.Tensor => tf.mul(x as tf.Tensor, 1);
const inputs = { data: Float32Array.from([3, 0, 1, 5, 4.5, -2, 0, 0, 0]), shape: [3, 3] };

test('one of three has a largest logit below 1, and nothing is left on the device', async () => {
  const before = tf.memory().numTensors;
  const monitor = ${camel}({ inputs });
  assert.deepEqual(await monitor.checkpoint(echo, { checkpoint: 0, position: { epoch: 0 } } as never), { share: 1 / 3 });
  assert.equal(tf.memory().numTensors, before);
});

test('an unknown option and missing inputs are refused', () => {
  assert.throws(() => ${camel}({ inputs, lo: 1 } as never), /unknown option 'lo'/);
  assert.throws(() => ${camel}({} as never), /inputs/);
});
`,
  };
}
