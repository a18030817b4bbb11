import { callable, declareOptions, flag, type InputOf, integer } from '@vogjs/base/options';
import type { RunPlace } from '@vogjs/run';
import type { OpenCheckpoints } from './kept-checkpoints.js';
import { builtPage } from './server/page/built-page.js';
import { openShelf } from './server/runs/shelf.js';
import { serve } from './server/serve.js';

const options = declareOptions('explore', {
  port: integer(0, 65_535).optional('a free one').about('Port on 127.0.0.1.'),
  readOnly: flag().default(false).about('Refuse decisions.'),
  onFailure: callable<(error: unknown) => void>()
    .optional('the console is told')
    .about('Told of an error inside the explorer.'),
  checkpoints: callable<OpenCheckpoints>()
    .optional('no maps')
    .about('Finds the checkpoints of a run, of which maps of input gradients are computed when somebody looks.'),
});
export type ExploreOptions = InputOf<typeof options.entries>;

/** The explorer, as it listens. */
export interface Explorer {
  /** The link to open; it ends in the token without which the server tells nothing. */
  readonly link: string;
  readonly port: number;
  readonly token: string;
  /** How many pages follow a run just now. */
  pages(): number;
  close(): Promise<void>;
}

/**
 * Serves a run, or a directory of runs, to a browser on this machine: to look, to decide, to give back.
 *
 * ```ts
 * const { link, close } = await explore('runs/photos');
 * ```
 *
 * @param place a run folder, the folder above several, or a storage
 * @throws VogError RUN_ABSENT, RUN_INVALID, RUN_VERSION, PORT_TAKEN, PAGE_UNBUILT
 */
export async function explore(place: RunPlace, given: ExploreOptions = {}): Promise<Explorer> {
  const { port = 0, readOnly, onFailure = tellConsole, checkpoints } = options.resolve(given);
  const shelf = await openShelf(place);
  const { token, ...served } = await serve(shelf, await builtPage(), {
    port,
    readOnly,
    poll: POLL,
    onFailure,
    checkpoints,
  });
  return { ...served, token, link: `http://127.0.0.1:${served.port}/#token=${token}` };
}

/** Milliseconds; a checkpoint takes longer. */
const POLL = 500;

function tellConsole(error: unknown): void {
  console.error('The explorer failed at a request; please report it.', error);
}
