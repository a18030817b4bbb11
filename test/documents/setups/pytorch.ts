// What the examples of PyTorch checkpoints take for granted, where the program runs: three checkpoints of a small network
// in PyTorch's names and layouts, weights in float16, the images and labels to score, and the logits of its last.
import { mkdirSync, writeFileSync } from 'node:fs';
import { seededRandom } from '@vogjs/base';
import { readSafetensors, type SafetensorsInput, writeNpy, writeSafetensors } from '@vogjs/formats';
import './fashion.js';

const SHAPES: Readonly<Record<string, number[]>> = {
  'conv.weight': [4, 1, 5, 5],
  'conv.bias': [4],
  'bn.weight': [4],
  'bn.bias': [4],
  'bn.running_mean': [4],
  'bn.running_var': [4],
  'fc.weight': [10, 576],
  'fc.bias': [10],
};
const CHECKED = 8;

function stateOf(epoch: number): Uint8Array {
  const random = seededRandom(epoch);
  const tensors = Object.entries(SHAPES).map(([name, shape]): [string, SafetensorsInput] => {
    const length = shape.reduce((product, n) => product * n, 1);
    const data = Float32Array.from({ length }, () => (name === 'bn.running_var' ? 0.5 : 0.2) * random.uniform() + 0.01);
    return [name, { data, shape, dtype: 'F16' }];
  });
  const counter: SafetensorsInput = { data: BigInt64Array.of(BigInt(epoch)), shape: [] };
  return writeSafetensors({ ...Object.fromEntries(tensors), 'bn.num_batches_tracked': counter });
}

/** conv, stride 2; batch normalisation; relu; flattened channels first; linear. Loops, as a reference. */
function logitsOf(state: Uint8Array, pixels: Float32Array): number[] {
  const { tensors } = readSafetensors(state);
  const of = (name: string) => tensors[name]!.data as Float32Array;
  const flat: number[] = [];
  for (let channel = 0; channel < 4; channel++) {
    const scale = of('bn.weight')[channel]! / Math.sqrt(of('bn.running_var')[channel]! + 1e-5);
    for (let at = 0; at < 144; at++) {
      const [top, left] = [2 * Math.floor(at / 12), 2 * (at % 12)];
      let sum = of('conv.bias')[channel]!;
      for (let tap = 0; tap < 25; tap++) {
        const pixel = (top + Math.floor(tap / 5)) * 28 + left + (tap % 5);
        sum += of('conv.weight')[channel * 25 + tap]! * pixels[pixel]!;
      }
      flat.push(Math.max(0, (sum - of('bn.running_mean')[channel]!) * scale + of('bn.bias')[channel]!));
    }
  }
  return Array.from(of('fc.bias'), (bias, unit) =>
    flat.reduce((sum, value, i) => sum + value * of('fc.weight')[unit * 576 + i]!, bias),
  );
}

mkdirSync('run');
for (const epoch of [1, 2, 3]) writeFileSync(`run/epoch-${epoch}.safetensors`, stateOf(epoch));
const images = globalThis.xs.dataSync<'float32'>();
const logits = Array.from({ length: CHECKED }, (_, i) => logitsOf(stateOf(3), images.slice(i * 784, (i + 1) * 784)));
writeFileSync('logits.npy', writeNpy({ data: Float32Array.from(logits.flat()), shape: [CHECKED, 10] }));
writeFileSync('images.npy', writeNpy({ data: images, shape: globalThis.xs.shape }));
const classes = BigInt64Array.from(Array.from(globalThis.labels, Number), BigInt);
writeFileSync('labels.npy', writeNpy({ data: classes, shape: [classes.length] }));
