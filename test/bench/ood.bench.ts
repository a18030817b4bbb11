// What an evaluation of a million scores a side costs, against the least it could: sorting both sides natively.
import { seededRandom } from '@vogjs/core';
import { evaluateOod, streamingOodEvaluation } from '@vogjs/ood';
import { compare, roundsOr } from './harness.js';

const SIZE = 1_000_000;
/** The most that an evaluation may cost, in sorts of both sides. */
const AT_MOST = 4;

const random = seededRandom(1);
const normal = (mean: number) => Float64Array.from({ length: SIZE }, () => mean + random.normal());
const [ins, outs] = [normal(1), normal(0)];
const [ins32, outs32] = [Float32Array.from(ins), Float32Array.from(outs)];

await compare(
  'A million scores a side: every figure of evaluateOod against two native sorts',
  {
    'two native sorts': () => void [ins.slice().sort(), outs.slice().sort()],
    'evaluateOod, float64': () => void evaluateOod(ins, outs),
    'evaluateOod, float32': () => void evaluateOod(ins32, outs32),
    'streamingOodEvaluation, float32': () => {
      const evaluation = streamingOodEvaluation();
      evaluation.push('in', ins32);
      evaluation.push('out', outs32);
      evaluation.result();
    },
  },
  {
    rounds: roundsOr(9),
    warmup: 1,
    work: { count: 2 * SIZE, unit: 'scores' },
    targets: { 'evaluateOod, float64': { atMost: AT_MOST } },
  },
);
