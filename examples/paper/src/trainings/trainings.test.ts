// Only with --all: it is of an experiment
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT, runProgram } from '@vogjs/example-shared';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { trainings } from './program.js';

const test = suite('trainings');

let folder = '';
test.before.each(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vogjs-test-'));
});
test.after.each(() => rm(folder, { recursive: true }));

const settings = { dataset: 'cifar10', network: 'resnet-9', width: 24, epochs: 3, examples: 6000, seed: 7 };

async function putTraining(name: string, accuracies: readonly number[], spent = {}): Promise<void> {
  const epochs = accuracies.map((testAccuracy) => ({ loss: 1, accuracy: 0.5, testAccuracy, seconds: 30, ...spent }));
  await mkdir(join(folder, name));
  const record = { version: 1, settings, data: '', epochs, processes: ['a machine'] };
  await writeFile(join(folder, name, 'training.json'), JSON.stringify(record));
}

/** Runs the program without its output; its exit code and what it said. */
async function quietly(...argv: string[]): Promise<[code: number, said: string]> {
  const { log, error } = console;
  const said: unknown[] = [];
  console.log = console.error = (...line: unknown[]) => void said.push(...line);
  try {
    return [await runProgram(trainings, argv), said.join('\n')];
  } finally {
    console.log = log;
    console.error = error;
  }
}

/** Cells of the row that begins with a name, in the n-th table that has one. */
const cellsOf = (markdown: string, name: string): string[][] =>
  markdown
    .split('\n')
    .filter((line) => line.startsWith(`| ${name} `))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

test('a row a training, by name: epochs done, last accuracies, minutes, speed; then accuracy by epoch', async () => {
  await putTraining('second', [0.4, 0.912], { processorSeconds: 60 });
  await putTraining('first', [0.25]);
  await mkdir(join(folder, 'no-training'));
  await putTraining('nothing-done', []);
  const out = join(folder, 'out');
  const [code, said] = await quietly('--runs', folder, '--out', out);
  assert.is(code, EXIT.done);
  const markdown = await readFile(join(out, 'trainings.md'), 'utf8');
  assert.ok(said.includes(markdown.trim()));
  assert.equal(cellsOf(markdown, 'second'), [
    ['second', 'cifar10', 'resnet-9, width 24', '7', '2 of 3', '50.00', '91.20', '1', '2', '200'],
    ['second', '40.0', '91.2'],
  ]);
  const [summary, epochs] = cellsOf(markdown, 'first');
  assert.equal(summary?.slice(-3), ['1', '', '200'], 'what no epoch says is left out');
  assert.equal(epochs, ['first', '25.0', '']);
  assert.ok(markdown.indexOf('| first') < markdown.indexOf('| second'));
  assert.ok(markdown.includes('- a machine: first, second'));
  assert.not(/no-training|nothing-done/.test(markdown));
});

test('no folder, none that can be read and none with a training: exit code 2, and what to do', async () => {
  for (const [argv, text] of [
    [[], /--runs is missing/],
    [['--runs', join(folder, 'absent')], /no folder that can be read/],
    [['--runs', folder], /no training.*train --out/],
  ] as const) {
    const [code, said] = await quietly(...argv);
    assert.is(code, EXIT.usage);
    assert.match(said, text);
  }
});

test.run();
