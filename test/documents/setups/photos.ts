// What the tutorial on folders of pictures takes for granted: the first 50 pictures each of three classes of
// Fashion-MNIST as PNG files, a folder a class, where the program runs.
import { mkdirSync, writeFileSync } from 'node:fs';
import { encode } from 'fast-png';
import { fashionMnist } from 'vogjs/fashion-mnist';

const CLASSES = [0, 5, 8];
const EACH = 50;
const { inputs, labels, classNames } = await fashionMnist(3000);
const pixels = await inputs.data();
const counts = new Map<number, number>();
for (const [row, label] of labels.entries()) {
  const count = counts.get(label) ?? 0;
  if (!CLASSES.includes(label) || count === EACH) continue;
  counts.set(label, count + 1);
  const folder = `photos/${classNames[label]!.replace('/', ' ')}`;
  mkdirSync(folder, { recursive: true });
  const data = Uint8Array.from(pixels.subarray(row * 784, (row + 1) * 784), (value) => Math.round(255 * value));
  writeFileSync(`${folder}/${row}.png`, encode({ width: 28, height: 28, channels: 1, data }));
}
