import process from 'node:process';
import { declareOptions, flag, oneOf, text } from '@vogjs/base/options';
import type { ExportFormat } from '@vogjs/run';
import type { Command } from '../command/command.js';
import { kebab } from '../command/flags.js';
import { UsageError } from '../usage-error.js';

/** Those of `exportRun`; from here they load nothing. */
const FORMATS = Object.keys({
  csv: true,
  jsonl: true,
  parquet: true,
  'label-studio': true,
  'label-studio-config': true,
  argilla: true,
  coco: true,
  corrections: true,
} satisfies Record<ExportFormat, true>) as readonly ExportFormat[];
const TO = [...FORMATS, 'folder'] as const;

/** Options that some forms alone read. */
const ONLY_FOR: Readonly<Record<string, readonly (typeof TO)[number][]>> = {
  prefix: ['label-studio', 'argilla'],
  all: ['label-studio', 'argilla'],
  link: ['folder'],
  data: ['folder'],
};

const options = declareOptions('vogjs export', {
  run: text().required().about('Folder of the run, or s3://bucket/prefix.'),
  to: oneOf(...TO).about(`Format: ${TO.join(', ')}.`),
  out: text().optional('standard output').about('File to write; with --to folder, the new folder.'),
  prefix: text()
    .optional('nothing')
    .about('What to put before each path for Label Studio and Argilla, such as /data/local-files/?d=.'),
  all: flag().default(false).about('Give Label Studio and Argilla every example, not only those with an issue.'),
  link: flag().default(false).about('Link to the pictures instead of copying them into the new folder.'),
  data: text().optional('where they were scored').about('Folder of the original pictures.'),
});

/** A run in the form of another program. */
export const exportCommand: Command = {
  usage: 'export <run>',
  about: 'Write scores, issues or decisions of a run for another program, or as a corrected folder',
  examples: [
    'vogjs export runs/photos --to csv --out scores.csv',
    'vogjs export runs/photos --to folder --out photos-corrected',
  ],
  options,
  argument: 'run',
  flags: {
    to: '<form>',
    out: '<path>',
    prefix: '<address>',
    all: 'switch',
    link: 'switch',
    data: '<folder>',
  },
  async run(given) {
    const { run: folder, to, out, prefix, all, link, data } = options.resolve(given);
    const unread = Object.entries(ONLY_FOR).find(([name, forms]) => given[name] !== undefined && !forms.includes(to));
    if (unread !== undefined) {
      throw new UsageError(`--${kebab(unread[0])} is for ${unread[1].join(' and ')}, not for ${to}. Leave it out.`);
    }
    const { exportRun, openRun } = await import('@vogjs/run');
    const run = await openRun(folder);
    if (to === 'folder') {
      if (out === undefined) throw new UsageError('--to folder needs --out: a new folder for the pictures.');
      return (await import('./new-folder.js')).exportFolder(run, { out, link, data });
    }
    const bytes = await exportRun(run, {
      to,
      ...(prefix === undefined ? {} : { prefix }),
      ...(all ? { flaggedOnly: false } : {}),
    });
    if (out !== undefined) await (await import('@vogjs/formats/files')).writeFileAtomically(out, bytes);
    // Resolves when it has left: a pipe takes less at once than a large table is.
    else await new Promise<void>((resolve) => process.stdout.write(bytes, () => resolve()));
    return 0;
  },
};
