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
      sets: [0, 2],
      text: 'a,b & "c"#?',
      ranges: [
        { column: 'a~b@late', low: -1.5e-7, high: Infinity },
        { column: 'vog', low: -Infinity, high: 0 },
      ],
      lassos: [
        { map: 'umap', across: '', upwards: '', points: [0, -0.01, 1, 0.5, 0.125, 1.01] },
        { map: 'ranks', across: 'a~b@late & ü', upwards: 'vog', points: [0, 0, 1, 0, 1, 1, 0, 1] },
      ],
    },
    map: 'pca',
    across: 'vog',
    upwards: 'mean loss & more',
    queue: 'outlier',
    detector: 'energy, scaled',
    threshold: -1.5e-7,
    other: 1,
    row: 0,
  };
  assert.equal(decodeView(`?${encodeView(view)}`), view);
  assert.is(encodeView(FIRST_VIEW), '');
  assert.equal(decodeView(''), FIRST_VIEW);
});

test('an address that says nonsense is read as far as it makes sense', () => {
  assert.equal(
    decodeView(
      '?range=x~1~vog&range=1~2&range=&lasso=pca~~~1_2_3_4_5&lasso=up~~~1_2_3_4_5_6&lasso=pca~%25~~1_2_3_4_5_6&map=x&run=-1&tab=x&first=&class=1,x,,-2&decision=all,skip&row=1e3',
    ),
    {
      ...FIRST_VIEW,
      filter: { ...FIRST_VIEW.filter, classes: [1], standings: ['skip'] },
    },
  );
});

test.run();
