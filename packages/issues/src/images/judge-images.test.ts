// Only with --all: it measures pictures with planted faults
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertCode, fixedDraws, freshRandom, picture } from '../random.test.helper.js';
import type { ImagePixels } from './image.js';
import { judgeImages, type ImageFault } from './judge-images.js';
import { measureImage } from './measure.js';

const test = suite('judge images');

function ordinary(random: ReturnType<typeof freshRandom>['random'], width = 48, height = 48): ImagePixels {
  const data = picture(random, width, height, 3);
  // Fine detail, as photographs have it.
  return {
    data: data.map((value) => Math.max(0, Math.min(255, value + Math.round(6 * random.normal())))),
    width,
    height,
    channels: 3,
  };
}

const changed = (image: ImagePixels, change: (value: number, at: number) => number): ImagePixels => ({
  ...image,
  data: Uint8Array.from(image.data, (value, at) => Math.max(0, Math.min(255, Math.round(change(value, at))))),
});

function blurred(image: ImagePixels): ImagePixels {
  const { data, width, height } = image;
  return changed(image, (_, at) => {
    const [c, pixel] = [at % 3, Math.floor(at / 3)];
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    let sum = 0;
    for (let dy = -2; dy <= 2; dy++) {
      for (let dx = -2; dx <= 2; dx++) {
        const [u, v] = [Math.max(0, Math.min(width - 1, x + dx)), Math.max(0, Math.min(height - 1, y + dy))];
        sum += data[(v * width + u) * 3 + c]!;
      }
    }
    return sum / 25;
  });
}

test('each planted fault is found and named, and ordinary images have none', () => {
  for (const { seed, random } of fixedDraws()) {
    const usual = Array.from({ length: 40 }, () => ordinary(random));
    const faults: [ImageFault, ImagePixels][] = [
      ['dark', changed(ordinary(random), (value) => value / 5)],
      ['bright', changed(ordinary(random), (value) => 250 + value / 60)],
      ['blank', changed(ordinary(random), () => 120)],
      ['blurred', blurred(blurred(ordinary(random)))],
      ['odd size', ordinary(random, 300, 300)],
      ['odd aspect', ordinary(random, 96, 24)],
      ['grey', changed(ordinary(random), () => 0)],
    ];
    const last = faults.at(-1)![1];
    const source = ordinary(random).data;
    faults[6] = ['grey', changed(last, (_, at) => source[at - (at % 3)]!)];
    const issues = judgeImages([...usual, ...faults.map(([, image]) => image)].map(measureImage));
    for (const [at, [fault]] of faults.entries()) {
      const own = issues.filter(({ example }) => example === 40 + at);
      assert.ok(
        own.some(({ detail, flagged }) => detail === fault && flagged),
        `seed ${seed}: ${fault}, found ${own.map(({ detail }) => detail)}`,
      );
    }
    const wrongly = issues.filter(({ example }) => example < 40);
    assert.ok(wrongly.length <= 1, `seed ${seed}: ${wrongly.map(({ why }) => why)}`);
  }
});

test('images of one kind have nothing odd; one image alone has not either', () => {
  const { seed, random } = freshRandom();
  const one = measureImage(ordinary(random));
  assert.equal(judgeImages([one]), [], `seed ${seed}`);
  assert.equal(judgeImages([one, one, null, one]), [], `seed ${seed}`);
  assert.equal(judgeImages([null]), []);
});

test('a data set of grey images has no grey ones among colour', () => {
  const { random } = freshRandom();
  const grey = Array.from({ length: 20 }, () =>
    measureImage({ data: picture(random, 20, 20, 1), width: 20, height: 20, channels: 1 }),
  );
  assert.equal(
    judgeImages(grey).filter(({ detail }) => detail === 'grey'),
    [],
  );
});

test('the hash tells pixels and sizes apart, and measures stay what they are in a transparent image', () => {
  const data = Uint8Array.of(1, 2, 3, 4);
  const [wide, tall] = [
    measureImage({ data, width: 4, height: 1, channels: 1 }),
    measureImage({ data, width: 1, height: 4, channels: 1 }),
  ];
  assert.is.not(wide.hash, tall.hash);
  assert.is(wide.hash, measureImage({ data: [1, 2, 3, 4], width: 4, height: 1, channels: 1 }).hash);
  // Black, and wholly transparent: it is seen as white.
  assert.is(measureImage({ data: [0, 0], width: 1, height: 1, channels: 2 }).darkest, 1);
});

test('what is no image is refused', () => {
  assertCode(
    'INPUT_SHAPE',
    () => measureImage({ data: [1, 2], width: 1, height: 1, channels: 1 }),
    /width x height x channels/,
  );
  assertCode('INPUT_SHAPE', () => measureImage({ data: [], width: 0, height: 1, channels: 1 }));
});

test.run();
