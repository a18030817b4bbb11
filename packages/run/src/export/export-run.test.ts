import { VogError } from '@vogjs/base';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readAnswers } from '../answers/answers.js';
import { createRun } from '../open/create-run.js';
import { openRun, type Run } from '../open/open-run.js';
import { reviewRun } from '../review-run/review-run.js';
import { memoryStorage } from '../storage/memory.js';
import { EXPORT_FORMATS, type ExportOptions, exportRun } from './export-run.js';

const classNames = ['cat', 'dog', '<bird> & "co"'];
const ids = ['a.png', 'b, "c".png', '=d.png', 'e\n.png'];

/** Four examples: the first is mislabelled and relabelled, the third excluded, the last has no score. */
async function reviewed(): Promise<Run> {
  const storage = memoryStorage();
  const run = await createRun(storage, { examples: 4, classNames });
  await run.scores({
    ids,
    paths: ids,
    labels: Int32Array.of(0, 1, 2, 1),
    predicted: Int32Array.of(1, 1, 2, -1),
    suggested: Int32Array.of(1, -1, -1, -1),
    scores: [
      {
        metric: 'vog',
        column: 'vog',
        window: 'late',
        hardDirection: 'high',
        checkpoints: 3,
        values: Float32Array.of(0.1, -0, 1e-7, Number.NaN),
      },
    ],
    meta: {
      width: [10, 20, 30, 40],
      height: [1, 2, 3, 4],
      group: ['x', null, 'y', 'z'],
      kept: [true, false, true, true],
    },
  });
  await run.issues({
    summary: [],
    issues: [
      {
        kind: 'label',
        id: 'a.png',
        score: 0.9,
        flagged: true,
        why: 'Looks like a dog.',
        suggested: 1,
        suggestedProbability: 0.8,
      },
      { kind: 'image', id: '=d.png', score: 0.7, flagged: true, why: 'Dark.' },
      { kind: 'outlier', id: 'b, "c".png', score: 0.1, flagged: false, why: 'Unlike others.' },
    ],
  });
  await run.finish();
  const opened = await openRun(storage);
  const { decide } = await reviewRun(opened);
  await decide({ id: 'a.png', decision: 'relabel', label: 1 });
  await decide({ id: '=d.png', decision: 'exclude' });
  await decide({ id: 'b, "c".png', decision: 'confirm' });
  return opened;
}

const textOf = async (run: Run, options: ExportOptions) => new TextDecoder().decode(await exportRun(run, options));

test('csv has one row an example, names that need quotes whole, and the label that people decided on', async () => {
  const lines = (await textOf(await reviewed(), { to: 'csv' })).split('\r\n');
  assert.is(
    lines[0],
    'id,path,label,label_name,predicted,predicted_name,suggested,suggested_name,vog@late,percentile,issues,decision,' +
      'corrected,meta.width,meta.height,meta.group,meta.kept',
  );
  assert.is(lines[1], 'a.png,a.png,0,cat,1,dog,1,dog,0.1,83.333336,label,relabel,dog,10,1,x,true');
  assert.is(lines[2], '"b, ""c"".png","b, ""c"".png",1,dog,1,dog,,,-0,16.666666,,confirm,dog,20,2,,false');
  assert.match(lines[4]!, /^"e\n\.png","e\n\.png",1,dog,,,,,NaN,NaN,,,dog,40,4,z,true$/);
});

test('jsonl has the columns of the csv, and null for what is not a number', async () => {
  const rows = (await textOf(await reviewed(), { to: 'jsonl' }))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.equal(
    rows.map((row) => row['id']),
    ids,
  );
  assert.equal(
    rows.map((row) => row['vog@late']),
    [0.1, -0, 1e-7, null],
  );
  assert.equal(
    rows.map((row) => row['corrected']),
    ['dog', 'dog', classNames[2], 'dog'],
  );
  assert.equal(
    rows.map((row) => row['meta.kept']),
    [true, false, true, true],
  );
});

test('label-studio gets what is flagged, hardest first, and its answers come back as reviews', async () => {
  const run = await reviewed();
  const tasks = JSON.parse(await textOf(run, { to: 'label-studio', prefix: '/data/' })) as {
    data: Record<string, unknown>;
    predictions: { result: { value: { choices: string[] } }[] }[];
  }[];
  assert.equal(
    tasks.map(({ data }) => data['vogjs_id']),
    ['a.png', '=d.png'],
  );
  assert.is(tasks[0]!.data['image'], '/data/a.png');
  assert.equal(tasks[0]!.predictions[0]!.result[0]!.value.choices, ['dog']);
  const answers = tasks.map((task, i) => ({
    ...task,
    id: i + 1,
    annotations: [
      {
        result: i === 0 ? [{ from_name: 'label', to_name: 'image', type: 'choices', value: { choices: ['cat'] } }] : [],
        was_cancelled: i === 1,
        completed_by: { id: 1, email: 'ada@example.org' },
        updated_at: '2026-11-28T10:00:00.5Z',
      },
    ],
  }));
  const reviews = await readAnswers(run, 'label-studio', new TextEncoder().encode(JSON.stringify(answers)));
  const about = { by: 'ada@example.org', when: '2026-11-28T10:00:00.500Z' };
  assert.equal(reviews, [
    { id: 'a.png', ...about, decision: 'confirm' },
    { id: '=d.png', ...about, decision: 'skip' },
  ]);
});

test('the labelling configuration has a choice a class, names with markup as text', async () => {
  const config = await textOf(await reviewed(), { to: 'label-studio-config' });
  assert.match(config, '<Choice value="cat"/>\n    <Choice value="dog"/>');
  assert.match(config, '<Choice value="&lt;bird&gt; &amp; &quot;co&quot;"/>');
});

test('argilla gets records with suggestions, and its responses come back as reviews', async () => {
  const run = await reviewed();
  const records = JSON.parse(await textOf(run, { to: 'argilla', flaggedOnly: false })) as Record<string, unknown>[];
  assert.equal(
    records.map(({ id }) => id),
    ['a.png', '=d.png', 'b, "c".png', 'e\n.png'],
  );
  assert.equal(records[0]!['suggestions'], { label: { value: 'dog', score: 0.8, agent: 'vogjs' } });
  assert.equal(records[3]!['metadata'], {});
  const answered = [
    { ...records[0], responses: { label: [{ value: 'dog', user_id: 'u1' }] } },
    { ...records[2], responses: { label: [{ value: 'dog', user_id: 'u1', status: 'discarded' }] } },
    records[1],
  ];
  const reviews = await readAnswers(run, 'argilla', new TextEncoder().encode(JSON.stringify(answered)));
  assert.equal(
    reviews.map(({ id, decision, label }) => [id, decision, label]),
    [
      ['a.png', 'relabel', 1],
      ['b, "c".png', 'skip', undefined],
    ],
  );
});

test('coco has the decided classes, without the excluded', async () => {
  const { images, annotations, categories } = JSON.parse(await textOf(await reviewed(), { to: 'coco' })) as {
    images: { id: number; file_name: string }[];
    annotations: { image_id: number; category_id: number; area: number }[];
    categories: { id: number; name: string }[];
  };
  assert.equal(
    images.map(({ file_name: name }) => name),
    ['a.png', 'b, "c".png', 'e\n.png'],
  );
  assert.equal(
    annotations.map(({ category_id: category, area }) => [category, area]),
    [
      [2, 10],
      [2, 40],
      [2, 160],
    ],
  );
  assert.equal(
    categories.map(({ name }) => name),
    classNames,
  );
});

test('answers of other data, other programs and other classes are refused by code', async () => {
  const run = await reviewed();
  const read = async (format: 'label-studio' | 'argilla', value: unknown) => {
    const file = new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
    const error = await readAnswers(run, format, file).catch((thrown: unknown) => thrown);
    return error instanceof VogError ? error.code : String(error);
  };
  const response = (value: string) => ({ label: [{ value, user_id: 'u' }] });
  assert.is(await read('argilla', 'no json'), 'RUN_INVALID');
  assert.is(await read('argilla', { id: 'a.png' }), 'RUN_INVALID');
  assert.is(await read('label-studio', [{ data: { image: 'a.png' } }]), 'RUN_INVALID');
  assert.is(await read('argilla', [{ id: 'zebra', responses: response('dog') }]), 'IDS_UNKNOWN');
  assert.is(await read('argilla', [{ id: 'a.png', responses: response('zebra') }]), 'LABEL_INVALID');
});

test('without class names, an answer is a class index, and an empty one is none', async () => {
  const storage = memoryStorage();
  const writer = await createRun(storage, { examples: 1 });
  await writer.scores({ ids: ['a'], labels: Int32Array.of(0), scores: [] });
  const run = await openRun(storage);
  const read = async (value: string) => {
    const answers = [{ id: 'a', responses: { label: [{ value, user_id: 'u' }] } }];
    const reviews = readAnswers(run, 'argilla', new TextEncoder().encode(JSON.stringify(answers)));
    return reviews.then(
      ([review]) => [review!.decision, review!.label],
      (error: unknown) => (error instanceof VogError ? error.code : error),
    );
  };
  assert.equal(await read('2'), ['relabel', 2]);
  assert.equal(await read('0'), ['confirm', undefined]);
  for (const none of ['', ' ', '1e1', '0x1', '-1', '1.5', '9'.repeat(20)]) {
    assert.is(await read(none), 'LABEL_INVALID', JSON.stringify(none));
  }
});

test('a run without issues, decisions and labels exports its scores, and refuses formats about labels', async () => {
  const storage = memoryStorage();
  const writer = await createRun(storage, { examples: 2 });
  await writer.scores({ ids: [7, 8], scores: [] });
  const run = await openRun(storage);
  for (const to of EXPORT_FORMATS) {
    const outcome = await exportRun(run, { to }).then(
      (bytes) => bytes.length > 0,
      (error: VogError) => error.code,
    );
    const aboutLabels = to.startsWith('label-studio') || to === 'argilla' || to === 'coco';
    assert.is(outcome, aboutLabels ? 'ARGUMENT_INVALID' : true, to);
  }
  const error = await exportRun(run, { to: 'xml' } as never).catch((thrown: unknown) => thrown);
  assert.ok(error instanceof VogError && error.code === 'ARGUMENT_INVALID');
});

test.run();
