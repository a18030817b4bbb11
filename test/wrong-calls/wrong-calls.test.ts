// Only with --all: it makes some thousands of calls
// Every public function, called wrongly in every way that its declaration allows to think of: each call is refused by a
// VogError that says what was wrong, or stands in the list of those that are accepted, with the reason.
import { VogError } from '@vogjs/core';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { accepted } from './accepted.js';
import { disposeAll, exported, rightCalls } from './calls.js';
import type { RightCall } from './right.js';
import { untried } from './untried.js';
import { type WrongCall, wrongCalls } from './wrong.js';

const test = suite('wrong calls');
/** No right call takes a second: so long only one takes that waits for ever, on a machine that is held up as well. */
const SECONDS = 120;

type Outcome = { readonly kind: 'accepted' | 'late' } | { readonly kind: 'coded' | 'raw'; readonly text: string };

async function outcomeOf({ call }: RightCall, args: readonly unknown[]): Promise<Outcome> {
  const late = Symbol('late');
  let timer: NodeJS.Timeout | undefined;
  try {
    const limit = new Promise((resolve) => (timer = setTimeout(() => resolve(late), SECONDS * 1000)));
    const result = await Promise.race([Promise.resolve().then(() => call(...args)), limit]);
    return { kind: result === late ? 'late' : 'accepted' };
  } catch (error) {
    const text = error instanceof Error ? `${error.message} (${error.stack?.split('\n')[1]?.trim()})` : String(error);
    return error instanceof VogError ? { kind: 'coded', text: error.message } : { kind: 'raw', text };
  } finally {
    clearTimeout(timer);
    disposeAll();
  }
}

const silent = console.warn;
test.before(() => {
  console.warn = () => {};
});
test.after(() => {
  console.warn = silent;
});

test('every exported function has a right call here, or a reason why it has none', () => {
  const named = new Set(rightCalls.map(({ signature }) => signature.name));
  assert.equal(exported.filter((name) => !named.has(name) && !(name in untried)).sort(), []);
});

test('the right calls are right: each is accepted', async () => {
  for (const right of rightCalls) {
    const outcome = await outcomeOf(right, right.args);
    const text = 'text' in outcome ? outcome.text : '';
    assert.is(outcome.kind, 'accepted', `${right.owner} ${right.signature.name}: ${text}`);
  }
});

let tried = 0;
const used = new Set<RegExp>();
const listed = ({ place, wrong }: WrongCall): boolean => {
  const entry = accepted.find((each) => each.place.test(place) && each.wrong.test(wrong));
  if (entry !== undefined) used.add(entry.place);
  return entry !== undefined;
};

for (const right of rightCalls) {
  const { owner, signature, args } = right;
  const calls = wrongCalls(owner, signature, args);
  if (calls.length === 0) continue;
  test(`${owner === '' ? '' : `${owner}.`}${signature.name} refuses ${calls.length} wrong calls, or says why it takes them`, async () => {
    const problems: string[] = [];
    const before = tf.memory().numTensors;
    for (const wrong of calls) {
      tried++;
      const outcome = await outcomeOf(right, wrong.args);
      const what = `${wrong.place} = ${wrong.wrong}`;
      if (outcome.kind === 'raw') problems.push(`${what}: raw: ${outcome.text}`);
      else if (outcome.kind === 'coded') {
        if (!/\w{3}.* \w+/.test(outcome.text)) problems.push(`${what}: says nothing: ${outcome.text}`);
      } else if (outcome.kind === 'late' || !listed(wrong)) problems.push(`${what}: ${outcome.kind}`);
    }
    assert.is(problems.length, 0, `\n${problems.join('\n')}\n`);
    // What was accepted may keep a tensor that it gave; what was refused keeps none.
    assert.ok(tf.memory().numTensors - before < calls.length, 'tensors pile up');
  });
}

test('at least 700 wrong calls were made, and every entry of the list of accepted ones was met', () => {
  assert.ok(tried >= 700, `${tried} calls`);
  assert.equal(
    accepted.filter(({ place }) => !used.has(place)).map(({ place }) => place.source),
    [],
  );
});

test.run();
