import { readFile } from 'node:fs/promises';
import { declareOptions, flag, oneOf, text } from '@vogjs/base/options';
import type { AnswerFormat, Review } from '@vogjs/run';
import type { Command } from '../command/command.js';
import { pathIn } from '../stored.js';

/** Those of `readAnswers`; from here they load nothing. */
const FORMATS = Object.keys({
  'label-studio': true,
  argilla: true,
  corrections: true,
  reviews: true,
} satisfies Record<AnswerFormat, true>) as readonly AnswerFormat[];

const options = declareOptions('vogjs import', {
  run: text().required().about('Folder of the run, or s3://bucket/prefix.'),
  file: text().required().about('File of the answers.'),
  from: oneOf(...FORMATS)
    .optional('read off the file')
    .about(`Program that the file is from: ${FORMATS.join(', ')}.`),
  by: text().optional('nobody').about('Who answered, where the file does not say.'),
  json: flag().default(false).about('Print one JSON object and nothing else.'),
});

/** Answers of people, given elsewhere, as decisions in the run. */
export const importCommand: Command = {
  usage: 'import <run> <file>',
  about: "Take people's answers from Label Studio, Argilla, a corrections.csv or a reviews.jsonl into a run",
  examples: ['vogjs import runs/photos project-3.json'],
  options,
  argument: ['run', 'file'],
  flags: { from: '<program>', by: '<name>', json: 'switch' },
  async run(given) {
    const { run: folder, file, from, by, json } = options.resolve(given);
    const [{ importAnswers, openRun }, { fileStep }] = await Promise.all([
      import('@vogjs/run'),
      import('@vogjs/formats/files'),
    ]);
    const run = await openRun(folder);
    const bytes = await fileStep('read', file, () => readFile(file));
    const came = await importAnswers(run, bytes, {
      ...(from === undefined ? {} : { from }),
      ...(by === undefined ? {} : { by }),
    });
    const corrections = pathIn(folder, 'corrections.csv');
    if (json) {
      console.log(JSON.stringify({ ...came, taken: came.taken.length, corrections }));
      return 0;
    }
    console.log(`Took ${answers(came.taken.length)} of ${came.from}${countsOf(came.taken)}.`);
    if (came.known > 0) console.log(`${answers(came.known)} ${came.known === 1 ? 'was' : 'were'} in the run already.`);
    if (came.older > 0) {
      console.log(`${answers(came.older)} left out: the run has a later decision about the same example.`);
    }
    console.log(`Wrote ${corrections}`);
    return 0;
  },
};

const WORDS = { confirm: 'confirmed', relabel: 'relabelled', exclude: 'excluded', skip: 'skipped', undo: 'undone' };

/** `: 5 relabelled, 6 confirmed` */
function countsOf(taken: readonly Review[]): string {
  const counts = Object.entries(WORDS).flatMap(([decision, word]) => {
    const count = taken.filter((each) => each.decision === decision).length;
    return count === 0 ? [] : [`${count} ${word}`];
  });
  return counts.length === 0 ? '' : `: ${counts.join(', ')}`;
}

function answers(count: number): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? 'answer' : 'answers'}`;
}
