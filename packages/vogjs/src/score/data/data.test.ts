// Only with --all: it reads a table and a folder of pictures
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VogError } from '@vogjs/base';
import { encode } from 'fast-png';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { classesOf } from './classes.js';
import { readPictures } from './image-folder.js';
import { readLabelsFile } from './labels-file.js';
import { readTable } from './table.js';

const test = suite('data of vogjs score');
const folder = mkdtempSync(join(tmpdir(), 'vogjs-data-'));
test.after(() => rmSync(folder, { recursive: true }));

async function refusal(call: () => unknown): Promise<string> {
  try {
    await call();
  } catch (error) {
    assert.instance(error, VogError);
    return `${(error as VogError).code} ${(error as VogError).message}`;
  }
  return 'nothing was thrown';
}

test('labels that are names are sorted into outputs, and numbers below the outputs are the outputs', () => {
  assert.equal(Array.from(classesOf(['dog', 'cat', 'dog'], 2).labels), [1, 0, 1]);
  assert.equal(classesOf(['dog', 'cat', 'dog'], 2).classNames, ['cat', 'dog']);
  assert.equal(Array.from(classesOf(['2', '0', '1'], 5).labels), [2, 0, 1]);
  assert.equal(Array.from(classesOf(['dog', 'cat'], 2, ['dog', 'cat']).labels), [0, 1]);
});

test('labels that do not fit the outputs are refused, and the message says what to give', async () => {
  assert.match(
    await refusal(() => classesOf(['a', 'b', 'c'], 2)),
    /^CLASSES_UNFIT 3.*--class-names|^CLASSES_UNFIT There are 3/,
  );
  assert.match(await refusal(() => classesOf(['a', 'a'], null)), /^CLASSES_UNFIT .*at least two classes/);
  assert.match(await refusal(() => classesOf(['a', 'x'], 2, ['a', 'b'])), /^LABEL_INVALID .*x/);
  assert.match(await refusal(() => classesOf(['a', 'b'], 3, ['a', 'b'])), /^CLASSES_UNFIT .*2 names for 3/);
});

test('a file of labels without the column, with a row twice or without a label is refused by row', async () => {
  const of = (text: string): Promise<string> => {
    writeFileSync(join(folder, 'labels.csv'), text);
    return refusal(() => readLabelsFile(join(folder, 'labels.csv')));
  };
  assert.match(await of('id,class\n1,a\n'), /^LABELS_UNREADABLE .*id, class/);
  assert.match(await of('id,label\nx,a\ny,b\nx,a\n'), /^IDS_DUPLICATE .*rows 2 and 4/);
  assert.match(await of('id,label\nx,a\ny,\n'), /^LABELS_UNREADABLE .*row 3/);
  assert.match(await of('id,label\n'), /^LABELS_UNREADABLE .*no rows/);
  assert.is(await of('\uFEFFid,label\r\nx,"a, b"\r\n'), 'nothing was thrown');
});

test('a table becomes numbers, and its columns stay beside the rows', async () => {
  const path = join(folder, 'table.csv');
  const rows = Array.from({ length: 12 }, (_, row) => `${row * 1.5},${'red green'.split(' ')[row % 2]},k${row % 3}`);
  writeFileSync(path, `size,colour,kind\n${rows.join('\n')}\n`);
  const { size, labels, classNames, inputs, meta = {} } = await readTable(path, 'kind');
  assert.is(size, 12);
  assert.equal(classNames, ['k0', 'k1', 'k2']);
  assert.equal(Array.from(labels ?? []).slice(0, 4), [0, 1, 2, 0]);
  assert.equal(Array.from(meta['colour'] ?? []).slice(0, 2), ['red', 'green']);
  const part = (await inputs.read(3, 5)) as Float32Array;
  assert.is(part.length, 2 * (inputs.shape[0] as number));
  assert.match(await refusal(() => readTable(path, undefined)), /^CONFIG_INVALID .*--target.*size, colour, kind/);
});

test('a folder a class becomes pictures with the names of their files', async () => {
  for (const [at, name] of ['cat', 'dog'].entries()) {
    mkdirSync(join(folder, 'pets', name), { recursive: true });
    for (let picture = 0; picture < 3; picture++) {
      const data = new Uint8Array(8 * 8 * 3).fill(100 * at + picture);
      writeFileSync(join(folder, 'pets', name, `${picture}.png`), encode({ width: 8, height: 8, channels: 3, data }));
    }
  }
  const wishes = { labels: undefined, classNames: undefined, imageSize: undefined };
  const { paths, labels, classNames, inputs, thumbs } = await readPictures(join(folder, 'pets'), wishes);
  assert.equal(paths?.slice(2, 4), ['cat/2.png', 'dog/0.png']);
  assert.equal(
    [Array.from(labels ?? []), classNames],
    [
      [0, 0, 0, 1, 1, 1],
      ['cat', 'dog'],
    ],
  );
  assert.equal([inputs.shape, thumbs?.width], [[8, 8, 3], 8]);
  const small = await readPictures(join(folder, 'pets'), { ...wishes, imageSize: 16 });
  assert.equal(small.inputs.shape, [16, 16, 3]);
});

test.run();
