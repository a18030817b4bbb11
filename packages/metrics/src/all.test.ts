// The one list of metrics, and what every metric of it keeps: its export, its name, its direction, its identity.
import { existsSync } from 'node:fs';
import { loss } from '@vogjs/core';
import { wordsOf } from '@vogjs/core/plugin';
import { rowsOf } from '@vogjs/base/options';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as exported from './index.js';
import { allMetrics, trackerMetrics } from './all.js';

const test = suite('all metrics');

test('the list holds every metric that the package exports, and no other', () => {
  const metrics = Object.entries(exported).filter(
    ([, value]) => (value as { definition?: { kind?: string } }).definition?.kind === 'metric',
  );
  assert.ok(metrics.length >= 16);
  assert.equal(
    metrics.map(([name]) => name).toSorted(),
    allMetrics.map(({ definition }) => definition.call).toSorted(),
  );
  for (const [name, metric] of metrics) assert.ok((allMetrics as readonly unknown[]).includes(metric), name);
});

test('each metric has a folder of its name, with its test beside it', () => {
  for (const { definition } of allMetrics) {
    for (const suffix of ['ts', 'test.ts']) {
      const file = `${definition.name}/${definition.name}.${suffix}`;
      assert.ok(existsSync(new URL(file, import.meta.url)), `there is no ${file}`);
    }
  }
});

test('each factory makes metrics of the name and direction that it tells, and takes another name', () => {
  for (const make of trackerMetrics) {
    const { name, hardDirection, version } = make.definition;
    const metric = make();
    assert.equal([metric.name, metric.hardDirection, metric.version], [name, hardDirection, version]);
    assert.is(make({ name: 'another' }).name, 'another');
  }
});

test('each option says in a sentence what it does, and has a default or says what its absence means', () => {
  for (const { definition } of allMetrics) {
    for (const row of rowsOf(definition.options)) {
      assert.match(row.description, /^[A-Z].*\.$/, `${definition.call}.${row.name}`);
      assert.ok(row.default !== '', `${definition.call}.${row.name} has no default`);
    }
  }
});

test('each says in words of its own what it measures, column by column, as reports go on from "scored by …:"', () => {
  const titles: string[] = [];
  for (const { definition } of allMetrics) {
    const { call, hardDirection, words } = definition;
    assert.ok(words !== undefined, `${call} says nothing of itself`);
    const columns = wordsOf(words, undefined) === undefined ? Object.keys(words) : [undefined];
    if (typeof hardDirection !== 'string') assert.equal(new Set(columns), new Set(Object.keys(hardDirection)));
    for (const column of columns) {
      const said = wordsOf(words, column)!;
      assert.match(said.meaning, /^[a-z].{40,}[^.]$/, `${call}: ${said.meaning}`);
      titles.push(said.title);
    }
  }
  // Both data maps and Data-IQ give the confidence.
  assert.is(new Set(titles).size, titles.length - 1);
});

test('an unknown option is refused by every metric, under the name that its callers write', () => {
  for (const make of trackerMetrics) {
    const { call } = make.definition;
    assert.throws(
      () => make({ nmae: 'x' } as never),
      (error: unknown) =>
        (error as { code?: string }).code === 'ARGUMENT_INVALID' &&
        String(error).includes(`${call}: unknown option 'nmae'. Known: name`),
      call,
    );
  }
});

const { aum, confidentLearning, csg, dataIq, dataMaps, el2n, entropy, forgetting, grand } = exported;
const { margin, meanLoss, selfInfluence, trajectoryVariance, vog } = exported;
const gradient = (rest: string) => `inputGradient({${rest}})`;

/** As the first release wrote them into saved states: with others, no state of it would be loaded. */
const identities: [{ readonly options: object }, object][] = [
  [aum(), { at: 'mean' }],
  [confidentLearning(), { at: 'mean' }],
  [csg(), { gradient: gradient('"activation":"loss","input":0,"label":"true"') }],
  [
    csg({ activation: 'logit', label: Int32Array.of(1, 2), input: 1 }),
    { gradient: gradient('"activation":"logit","input":1,"label":"fixed:ed74208ac3826238"') },
  ],
  [dataIq(), {}],
  [dataMaps(), {}],
  [el2n({ at: 'last' }), { at: 'last' }],
  [entropy(), { at: 'mean' }],
  [forgetting(), { neverLearned: 'max' }],
  [forgetting({ neverLearned: Infinity }), { neverLearned: null }],
  [grand(), { gradient: 'lastLayerSquaredGradient({"bias":1,"features":"penultimate"})', at: 'mean' }],
  [margin({ at: 'last' }), { at: 'last' }],
  [meanLoss(), { at: 'mean' }],
  [meanLoss({ units: true }), { at: 'mean', units: true }],
  [
    selfInfluence({ learningRate: () => 1, bias: false, layer: 'h' }),
    {
      gradient: String.raw`lastLayerSquaredGradient({"bias":0,"features":"features({\"layer\":\"h\"})"})`,
      learningRate: 'function',
    },
  ],
  [trajectoryVariance(loss), { resource: 'loss', reduce: 'variance', ddof: 0 }],
  [
    vog({ activation: 'logit', unit: 3, pool: 2 }),
    {
      gradient: gradient('"activation":"logit","input":0,"label":"true","unit":3'),
      channels: 'mean',
      reduce: 'std',
      ddof: 0,
      pool: 2,
    },
  ],
];

test('identities in saved states are those of the first release, to the letter', () => {
  for (const [{ options }, identity] of identities) assert.is(JSON.stringify(options), JSON.stringify(identity));
});

test.run();
