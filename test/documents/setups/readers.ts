// What the examples of readers take for granted: a few pictures, labels and a table where the program runs.
import { mkdirSync, writeFileSync } from 'node:fs';
import { encode } from 'fast-png';

for (const [path, value] of [
  ['photos/cat/1.png', 10],
  ['photos/cat/2.png', 60],
  ['photos/dog/1.png', 110],
  ['photos/dog/2.png', 160],
] as const) {
  mkdirSync(path.slice(0, path.lastIndexOf('/')), { recursive: true });
  writeFileSync(path, encode({ width: 40, height: 30, channels: 3, data: new Uint8Array(3600).fill(value) }));
}
writeFileSync('photos/dog/3.png', 'no picture');
writeFileSync('labels.csv', 'id,label\ncat/1.png,cat\ndog/1.png,dog\ndog/9.png,dog\n');
writeFileSync('people.csv', 'name,age,city,smokes\nAnn,31,Rome,yes\nBob,,Bonn,no\nCho,52,Rome,no\n');
