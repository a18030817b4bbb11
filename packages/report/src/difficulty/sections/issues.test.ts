// Only with --all: it takes seconds, and others meet what it tests
import { Scores, VogError } from '@vogjs/core';
import { decode } from 'fast-png';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ReportInput } from '../../input/report.js';
import { all, render, textOf } from '../../sample.test.helper.js';

const test = suite('issues in a report');

const SIZE = 6;
const ids = Array.from({ length: SIZE }, (_, i) => `cats/${'a very long name of a file '.repeat(3)}& <b>${i}</b>.png`);
const input = (): ReportInput => ({
  title: 'Issues',
  scores: new Scores({
    metric: 'vog',
    column: 'vog',
    window: 'complete',
    hardDirection: 'high',
    checkpoints: 3,
    values: Float32Array.from({ length: SIZE }, (_, i) => i),
    ids,
    labels: Int32Array.from({ length: SIZE }, (_, i) => i % 2),
    classNames: ['cat', 'dog'],
  }),
  links: ids.map((_, i) => (i === 5 ? null : `../../photos/${i}.png`)),
  issues: [
    { kind: 'outlier', title: 'Outliers', says: 'No outlier was found.', issues: [] },
    {
      kind: 'duplicate',
      title: 'Duplicates',
      says: '2 examples occur twice.',
      issues: [
        { index: 1, why: 'The same as another.', others: [4] },
        { index: 4, why: 'The same as another.', others: [1] },
      ],
    },
    {
      kind: 'group',
      title: 'Weak groups',
      says: '1 group is weak.',
      issues: [{ index: null, name: 'x', why: 'Worse.' }],
    },
  ],
});

test('what was found stands first, and leads to a section a kind that has something', () => {
  const { document } = render(input());
  assert.equal(
    all(document, '#found li').map((item) => [
      item.textContent!.trim(),
      item.querySelector('a')?.getAttribute('href') ?? null,
    ]),
    [
      ['No outlier was found.', null],
      ['2 examples occur twice.', '#issues-duplicate'],
      ['1 group is weak.', '#issues-group'],
    ],
  );
  assert.is(document.querySelector('#issues-outlier'), null);
  assert.is(all(document, '#issues-duplicate tbody tr').length, 2);
  assert.match(textOf(document, '#issues-group tbody'), /x\s*Worse\./);
});

test("names of files are whole and link to the file, a twin's too; one without a file is text", () => {
  const { document } = render(input());
  const links = all(document, '#issues-duplicate tbody tr:first-child a');
  assert.equal(
    links.map((link) => [link.textContent, link.getAttribute('href')]),
    [
      [ids[1], '../../photos/1.png'],
      [ids[4], '../../photos/4.png'],
    ],
  );
  assert.is(all(document, '#hardest tbody th a').length, SIZE - 1);
});

test('pictures are read one at a time, only those that are shown', () => {
  const asked = new Set<number>();
  const read = (example: number): Uint8Array => {
    asked.add(example);
    return Uint8Array.of(10, 20, 30, example);
  };
  const { document } = render({
    ...input(),
    gallerySize: 1,
    classGallerySize: 0,
    images: { read, shape: [SIZE, 2, 2, 1] },
  });
  assert.equal(asked, new Set([0, 1, 4, 5]));
  const source = document.querySelector('#issues-duplicate img')!.getAttribute('src')!;
  const { data } = decode(Buffer.from(source.split(',')[1]!, 'base64'));
  assert.equal([...data], [10, 20, 30, 1]);
});

test('issues about nobody, links that run programs and pictures that are none are refused by code', () => {
  const issue = { kind: 'image', title: 'Bad', says: 'Bad.', issues: [{ index: 9, why: 'Dark.' }] };
  for (const wrong of [
    { issues: [issue] },
    { issues: [{ ...issue, kind: '"><b>' }] },
    { issues: [{ ...issue, issues: [{ index: 0, why: 'Dark.', others: [SIZE] }] }] },
    { issues: [3] },
    { links: ids.map(() => 'javascript:alert(1)') },
    { images: { read: 3, shape: [SIZE, 2, 2, 1] } },
    { images: { read: () => new Uint8Array(4), data: [], shape: [SIZE, 2, 2, 1] } },
  ]) {
    try {
      render({ ...input(), ...wrong } as ReportInput);
      assert.unreachable(JSON.stringify(wrong).slice(0, 80));
    } catch (error) {
      assert.instance(error, VogError);
      assert.is((error as VogError).code, 'ARGUMENT_INVALID', (error as Error).message);
    }
  }
  assert.throws(() => render({ ...input(), links: [] }), /PROBE_MISMATCH|one per example/);
});

test.run();
