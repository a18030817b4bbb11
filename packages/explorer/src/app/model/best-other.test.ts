import { seededRandom } from '@vogjs/base';
import { runSeed } from '@vogjs/testing';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { bestOthers } from './best-other.js';

const seed = runSeed();
const random = seededRandom(seed);

test(`what is stored of a softmax gives its second probability, whatever the logits (SEED=${seed})`, () => {
  for (let draw = 0; draw < 200; draw++) {
    const scale = [0.1, 1, 10, 60][draw % 4]!;
    const logits = Array.from({ length: 2 + random.integer(8) }, () => scale * random.normal());
    const label = random.integer(logits.length);
    const most = Math.max(...logits);
    const sum = logits.reduce((total, logit) => total + Math.exp(logit - most), 0);
    const p = logits.map((logit) => Math.exp(logit - most) / sum);
    const others = logits.filter((_, at) => at !== label);
    const [other] = bestOthers({
      labelProbability: [Math.fround(p[label]!)],
      margin: [Math.fround(logits[label]! - Math.max(...others))],
      loss: [Math.fround(most + Math.log(sum) - logits[label]!)],
      predicted: [0],
    });
    const expected = Math.max(...p.filter((_, at) => at !== label));
    assert.ok(Math.abs(other! - expected) < 1e-4, `${other} for ${expected}, logits ${logits.join()}`);
  }
});

test('another loss, a missing number, and a margin that cannot be give none', () => {
  const of = (labelProbability: number | null, margin: number | null, loss: number | null): (number | null)[] =>
    bestOthers({ labelProbability: [labelProbability], margin: [margin], loss: [loss], predicted: [0] });
  assert.equal(of(0.5, 0, 2), [null]);
  assert.equal(of(null, 0, 0), [null]);
  assert.equal(of(0.5, null, -Math.log(0.5)), [null]);
  assert.equal(of(0.5, -3, -Math.log(0.5)), [null]);
});

test.run();
