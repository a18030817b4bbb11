import { declareOptions, flag, text } from '@vogjs/base/options';
import type { Command } from '../command/command.js';
import { isStored, pathIn } from '../stored.js';
import { UsageError } from '../usage-error.js';

const options = declareOptions('vogjs report', {
  run: text().required().about('Folder of the run, or s3://bucket/prefix.'),
  out: text().optional('report.html in the run').about('File to write.'),
  json: flag().default(false).about('Print one JSON object and nothing else.'),
});

/** A page of a run, to look at and to send on. */
export const reportCommand: Command = {
  usage: 'report <run>',
  about: 'Make one page of a run: what is hard, what is suspect, how metrics agree',
  examples: ['vogjs report runs/photos'],
  options,
  argument: 'run',
  flags: { out: '<file>', json: 'switch' },
  async run(given) {
    const { run: folder, out = pathIn(folder, 'report.html'), json } = options.resolve(given);
    if (isStored(out))
      throw new UsageError('The page is written to a file on this machine. Give its path, such as --out report.html.');
    const [{ openRun }, { writeFileAtomically }, { pageOf }] = await Promise.all([
      import('@vogjs/run'),
      import('@vogjs/formats/files'),
      import('./page.js'),
    ]);
    await writeFileAtomically(out, new TextEncoder().encode(await pageOf(await openRun(folder), folder, out)));
    console.log(json ? JSON.stringify({ report: out }) : `Wrote ${out}`);
    return 0;
  },
};
