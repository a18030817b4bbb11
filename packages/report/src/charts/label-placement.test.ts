import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { placeLabels } from './label-placement.js';

const test = suite('placeLabels');
const area = { width: 400, height: 300, fontSize: 12 };

test('a lone point is named to its right; at the right edge, to its left', () => {
  assert.is(placeLabels([{ left: 100, top: 100, text: 'cat' }], area)[0]!.anchor, 'start');
  assert.is(placeLabels([{ left: 395, top: 100, text: 'cat' }], area)[0]!.anchor, 'end');
});

test('a crowd keeps only the names that have room, and loses no outermost one', () => {
  const crowd = Array.from({ length: 40 }, (_, index) => ({
    left: 190 + (index % 7),
    top: 140 + index / 4,
    text: 'crowded',
  }));
  const lone = { left: 40, top: 20, text: 'outermost' };
  const placed = placeLabels([...crowd, lone], area);
  assert.ok(placed.length < 10);
  assert.ok(placed.some(({ point }) => point.text === 'outermost'));
});

test.run();
