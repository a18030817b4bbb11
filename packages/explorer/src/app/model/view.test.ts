import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeView, encodeView, FIRST_VIEW, type View } from './view.js';

test('an address holds the view whole, and the first view needs none', () => {
  const view: View = {
    run: 3,
    tab: 'review',
    sort: 'vog@late & more=1',
    easiestFirst: true,
    filter: {
      kinds: ['label', 'image'],
      standings: ['relabel', 'skip'],
      classes: [0, 12],
      text: 'a,b & "c"#?',
      ranges: [
        { column: 'a~b@late', low: -1.5e-7, high: Infinity },
        { column: 'vog', low: -Infinity, high: 0 },
      ],
    },
    across: 'vog',
    upwards: 'mean loss & more',
    queue: 'outlier',
    other: 1,
    row: 0,
  };
  assert.equal(decodeView(`?${encodeView(view)}`), view);
  assert.is(encodeView(FIRST_VIEW), '');
  assert.equal(decodeView(''), FIRST_VIEW);
});

test('an address that says nonsense is read as far as it makes sense', () => {
  assert.equal(
    decodeView('?range=x~1~vog&range=1~2&range=&run=-1&tab=x&first=&class=1,x,,-2&decision=all,skip&row=1e3'),
    {
      ...FIRST_VIEW,
      filter: { ...FIRST_VIEW.filter, classes: [1], standings: ['skip'] },
    },
  );
});

test.run();
