// Only with --all: it renders whole pages
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { detectLabelErrors } from '@vogjs/statistics';
import { capitalise, shorten } from '../markup/format.js';
import { all, everything, render, scoresOf, textOf } from '../sample.test.helper.js';

const test = suite('names');

const family = '👨‍👩‍👧‍👦';
const characters = [family, '🇨🇭', 'é', 'ก็', '한', '👍🏽', '1️⃣', '\r\n', 'a'];

test('text is cut between characters as people see them, never within one', () => {
  for (const character of characters) {
    for (let count = 1; count <= 40; count++) {
      for (const length of [2, 5, 14, 28]) {
        const short = shorten(character.repeat(count), length);
        const expected =
          count <= length
            ? character.repeat(count)
            : `${character.repeat(Math.ceil((length - 1) / 2))}…${character.repeat(Math.floor((length - 1) / 2))}`;
        assert.is(short, expected, `${count} of ${JSON.stringify(character)} to ${length}`);
      }
    }
  }
});

test('a large first letter, also beyond the first 65,536', () => {
  assert.equal(['abc', 'étude', '𐐨x', '👍a', ''].map(capitalise), ['Abc', 'Étude', '𐐀x', '👍a', '']);
});

test('a page has no half character, whatever its names hold', () => {
  const ids = Array.from({ length: 60 }, (_, example) => `${example}${family.repeat(30)}\ud83d`);
  const classNames = [family.repeat(20), '🇨🇭'.repeat(50), `\udc00${'👍🏽'.repeat(30)}`];
  const input = everything();
  const { page, document } = render({
    ...input,
    scores: scoresOf({ ids }),
    classNames,
    metrics: { [family.repeat(20)]: scoresOf({ ids }) },
    suspects: detectLabelErrors(scoresOf({ ids }), { count: 5, predictions: input.predictions! }),
  });
  assert.not.match(page, /\p{Surrogate}/u);
  assert.match(textOf(document, '#suspects .id'), family.repeat(30));
});

test('names of files are there whole, without a mouse: no title is needed to read them', () => {
  const ids = Array.from({ length: 60 }, (_, example) => `airplane_s_0001${String(example).padStart(2, '0')}.jpg`);
  const long = ids.map((id) => `data/train/aeroplanes of all kinds and ages/propeller/${id}`);
  for (const names of [ids, long]) {
    const { images: _, ...withoutImages } = everything();
    for (const input of [everything(), withoutImages]) {
      const suspects = detectLabelErrors(scoresOf({ ids: names }), { count: 5 });
      const { document } = render({ ...input, scores: scoresOf({ ids: names }), suspects });
      const shown = all(document, '#hardest .id, #hardest tbody th, #suspects .id, #suspects tbody th');
      assert.ok(shown.length >= 10);
      for (const element of shown) {
        assert.ok(
          names.some((name) => element.textContent!.trim().endsWith(name)),
          element.outerHTML,
        );
        assert.ok(names === ids || element.querySelector('summary') !== null || element.matches('details'), 'opens');
      }
    }
  }
});

test('a given label is struck through only where another one is proposed', () => {
  const input = everything();
  const struck = (options: object) => {
    const { document } = render({ ...input, suspects: detectLabelErrors(scoresOf(), { count: 10, ...options }) });
    const cards = all(document, '#suspects li');
    assert.is(cards.length, 10);
    for (const card of cards) {
      assert.is(card.querySelector('.given') !== null, card.querySelector('.proposed') !== null, card.outerHTML);
      assert.not.match(card.textContent!, 'nothing proposed');
    }
    return { count: all(document, '#suspects .given').length, document };
  };
  const nothing = struck({});
  assert.is(nothing.count, 0);
  assert.match(textOf(nothing.document, '#suspects > p'), 'No other label is proposed for any of them');
  assert.not.match(textOf(nothing.document, '#suspects thead'), 'proposed');
  const some = struck({ predictions: input.predictions });
  assert.ok(some.count > 0 && some.count < 10, `${some.count}`);
  assert.match(textOf(some.document, '#suspects thead'), 'proposed');
});

test('every row of the suspects is on the page, none in a box that scrolls; the first 50 are open', () => {
  const input = everything();
  const { page, document } = render({ ...input, suspects: detectLabelErrors(scoresOf(), { share: 1 }) });
  const tables = all(document, '#suspects tbody');
  assert.equal(
    tables.map((table) => table.children.length),
    [50, 10],
  );
  assert.not.match(page, /max-height|overflow-y/);
});

test.run();
