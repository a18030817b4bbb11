import process from 'node:process';
import { declareOptions, oneOf, text } from '@vogjs/base/options';
import type { ExportFormat } from '@vogjs/run';
import type { Command } from '../command/command.js';

/** Those of `exportRun`; from here they load nothing. */
const FORMATS = Object.keys({
  csv: true,
  jsonl: true,
  parquet: true,
  'label-studio': true,
  argilla: true,
  coco: true,
  corrections: true,
} satisfies Record<ExportFormat, true>) as readonly ExportFormat[];

const options = declareOptions('vogjs export', {
  run: text().required().about('Folder of the run.'),
  to: oneOf(...FORMATS).about(`Form: ${FORMATS.join(', ')}.`),
  out: text().optional('standard output').about('File to write.'),
});

/** A run in the form of another program. */
export const exportCommand: Command = {
  usage: 'export <run>',
  about: 'Give the table, or what people decided, to another program',
  options,
  argument: 'run',
  flags: { to: '<form>', out: '<file>' },
  async run(given) {
    const { run, to, out } = options.resolve(given);
    const [{ exportRun, openRun }, { writeFileAtomically }] = await Promise.all([
      import('@vogjs/run'),
      import('@vogjs/formats/files'),
    ]);
    const bytes = await exportRun(await openRun(run), { to });
    if (out !== undefined) await writeFileAtomically(out, bytes);
    // Resolves when it has left: a pipe takes less at once than a large table is.
    else await new Promise<void>((resolve) => process.stdout.write(bytes, () => resolve()));
    return 0;
  },
};
