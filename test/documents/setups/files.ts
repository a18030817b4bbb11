// What the examples of reading files take for granted: those of Fashion-MNIST's test set and a CIFAR-10 batch, where the
// program runs; and all that the setup `fashion` has.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import './fashion.js';

for (const name of ['t10k-images-idx3-ubyte.gz', 't10k-labels-idx1-ubyte.gz']) {
  const places = ['../../../packages/vogjs/assets/fashion-mnist/', '../../../../shared/data/fashion-mnist/'];
  const found = places.map((place) => new URL(place + name, import.meta.url)).find((url) => existsSync(url));
  if (!found) throw new Error(`${name} is in none of ${places.join(', ')}`);
  writeFileSync(name, readFileSync(found));
}
// Two records of the binary version: a label byte, then 3,072 bytes of pixels.
writeFileSync(
  'data_batch_1.bin',
  Uint8Array.from({ length: 2 * 3073 }, (_, at) => (at % 3073 === 0 ? 7 : at % 256)),
);
