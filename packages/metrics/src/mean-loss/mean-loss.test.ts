import { suite } from 'uvu';
import { agreesWithNumPy, assertRefused, firstBackend, golden, keepsLaws } from '../golden.test.helper.js';
import { assertClose, columnsOf, HALF, type Rows, SURE } from '../runs.test.helper.js';
import { meanLoss, type MeanLossOptions } from './mean-loss.js';

const test = suite('mean loss');
test.before.each(firstBackend);

agreesWithNumPy(test, golden(import.meta.url, 'mean-loss'), () => [meanLoss()]);
keepsLaws(
  test,
  () => meanLoss(),
  () => meanLoss({ at: 'last' }),
);

const valuesOf = async (checkpoints: Rows[], options: MeanLossOptions = {}): Promise<number[]> => {
  const metric = meanLoss(options);
  return (await columnsOf(metric, [0, 1], checkpoints, { chunkSize: 1 }))[metric.name]!;
};

test('one checkpoint of p = (1/2, 1/4, 1/4), labels 0 and 1', async () => {
  assertClose(await valuesOf([[HALF, HALF]]), [Math.log(2), Math.log(4)], 'mean loss');
});

test("at: 'last' is the loss at the last checkpoint, and the mean otherwise", async () => {
  const checkpoints: Rows[] = [
    [HALF, HALF],
    [SURE, HALF],
  ];
  assertClose(await valuesOf(checkpoints, { at: 'last', name: 'last-loss' }), [0, Math.log(4)], 'last');
  assertClose(await valuesOf(checkpoints), [Math.log(2) / 2, Math.log(4)], 'mean');
});

test('a probability of exactly 0 leaves the loss finite', async () => {
  assertClose(await valuesOf([[SURE, SURE]]), [0, 200], 'loss');
});

test('units are means: refused at the last checkpoint', () => {
  assertRefused(
    [() => meanLoss({ units: true, at: 'last' }), /meanLoss: at must be 'mean' with units: true; got 'last'\./],
    [() => meanLoss({ units: 1 as never }), /meanLoss: units must be true or false; got 1\./],
  );
});

test.run();
