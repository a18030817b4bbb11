import type { PluginName } from './plugin-name.js';

/** A detector that works: the lead of the likeliest class over the next. */
export function detectorFiles({ kebab, camel, pascal }: PluginName): Record<string, string> {
  return {
    [`src/${kebab}.ts`]: `import * as tf from '@tensorflow/tfjs';
import { logits } from '@vogjs/core';
import { positive } from '@vogjs/core/plugin';
import { defineDetector, type OptionsOfDetector } from '@vogjs/ood';

export type ${pascal}Options = OptionsOfDetector<typeof ${camel}>;

/** The lead of the first choice over the second: low = out-of-distribution. Nothing to fit. */
export const ${camel} = defineDetector({
  name: '${kebab}',
  call: '${camel}',
  oodDirection: 'low',
  options: { scale: positive().default(1).about('The lead is multiplied by it.') },
  requires: () => ({ logits }),
  score: ({ logits: z }, _, __, { scale }) => {
    const [first, second] = tf.unstack(tf.topk(z, 2).values, 1) as [tf.Tensor1D, tf.Tensor1D];
    return tf.mul(tf.sub(first, second), scale);
  },
});
`,
    [`src/${kebab}.test.ts`]: `import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { scoreOod } from '@vogjs/ood';
import { ${camel} } from './index.js';

before(() => tf.setBackend('cpu'));

const echo = (x: tf.Tensor | tf.Tensor[]): tf.Tensor => tf.mul(x as tf.Tensor, 1);
const inputs = { data: Float32Array.from([3, 0, 1, 5, 4.5, -2, 0, 0, 0]), shape: [3, 3] };

test('scores are the leads, multiplied by scale', async () => {
  const one = await scoreOod(echo, { inputs }, [${camel}()]);
  assert.deepEqual(Array.from(Object.values(one)[0]!.values), [2, 0.5, 0]);
  const two = await scoreOod(echo, { inputs }, [${camel}({ scale: 2 })]);
  assert.deepEqual(Array.from(Object.values(two)[0]!.values), [4, 1, 0]);
});

test('an unknown option and a wrong value are refused', () => {
  assert.throws(() => ${camel}({ scal: 1 } as never), /unknown option 'scal'/);
  assert.throws(() => ${camel}({ scale: 0 }), /scale must be/);
});
`,
  };
}
