import { join } from 'node:path';
import { declareOptions, text } from '@vogjs/base/options';
import type { Command } from '../command/command.js';

const options = declareOptions('vogjs report', {
  run: text().required().about('Folder of the run.'),
  out: text().optional('report.html in the run').about('File to write.'),
});

/** A page of a run, to look at and to send on. */
export const reportCommand: Command = {
  usage: 'report <run>',
  about: 'Make one page of a run: what is hard, what is suspect, how metrics agree',
  examples: ['vogjs report runs/photos'],
  options,
  argument: 'run',
  flags: { out: '<file>' },
  async run(given) {
    const { run: folder, out = join(folder, 'report.html') } = options.resolve(given);
    const [{ openRun }, { writeFileAtomically }, { pageOf }] = await Promise.all([
      import('@vogjs/run'),
      import('@vogjs/formats/files'),
      import('./page.js'),
    ]);
    await writeFileAtomically(out, new TextEncoder().encode(await pageOf(await openRun(folder), folder, out)));
    console.log(`Wrote ${out}`);
    return 0;
  },
};
