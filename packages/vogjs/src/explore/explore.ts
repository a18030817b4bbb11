import process from 'node:process';
import { declareOptions, flag, integer, text } from '@vogjs/base/options';
import type { Command } from '../command/command.js';
import { openBrowser } from './open-browser.js';

const options = declareOptions('vogjs explore', {
  run: text().required().about('Folder of the run, or the one above several, or s3://bucket/prefix of a run.'),
  port: integer(1, 65_535).optional('a free one').about('Port on this machine.'),
  open: flag().default(false).about('Open the browser.'),
  readOnly: flag().default(false).about('Refuse decisions.'),
  trust: flag()
    .default(false)
    .about(
      'For maps of gradients: read files outside this folder that the run names, and run the module of its network.',
    ),
});

/** A run in the browser, to look at and to decide on, until Ctrl-C. */
export const exploreCommand: Command = {
  usage: 'explore <run>',
  about: 'Look at a run in the browser, and decide about its examples',
  examples: ['vogjs explore runs/photos --open', 'vogjs explore runs  # all runs of a folder'],
  options,
  argument: 'run',
  flags: { port: '<n>', open: 'switch', readOnly: 'switch', trust: 'switch' },
  async run(given) {
    const { run, port, open, readOnly, trust } = options.resolve(given);
    const { explore } = await import('@vogjs/explorer');
    const explorer = await explore(run, {
      readOnly,
      ...(port === undefined ? {} : { port }),
      // TensorFlow.js is loaded by who looks at a map.
      checkpoints: async (each) => (await import('./kept-checkpoints.js')).keptCheckpoints(each, trust),
    });
    const opened = open && (await openBrowser(explorer.link));
    console.log(`${opened ? 'Opened' : 'Open'} ${explorer.link}`);
    if (open && !opened) console.log('No browser could be started here: open the link yourself.');
    console.log('The link works on this machine only. Press Ctrl-C to end; decisions are kept in the run.');
    await interrupted();
    await explorer.close();
    return 0;
  },
};

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}
