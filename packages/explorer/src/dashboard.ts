import { checkArgument, checkOf, VogError } from '@vogjs/base';
import { callable, declareOptions, fits, type InputOf, integer, text } from '@vogjs/base/options';
import type { Tracker } from '@vogjs/core';
import type { PixelImages } from '@vogjs/formats/images';
import type { RunPlace } from '@vogjs/run';
import { type Explorer, explore } from './explore.js';
import { recordTracker } from './live/record-tracker.js';

const options = declareOptions('dashboard', {
  port: integer(0, 65_535).optional('a free one').about('Port on 127.0.0.1.'),
  name: text().optional('training').about('What the page calls the training of a tracker.'),
  by: text()
    .optional('vog, mean-loss or aum, else the first')
    .about('Metric of the tracker by which the hardest examples are listed.'),
  images: fits<PixelImages>(
    '{ data, shape: [examples, height, width, channels] }',
    (value) => typeof value === 'object' && value !== null,
  )
    .optional('no pictures')
    .about('Pixels of every example of a tracker, in the order of the probe, as `renderReport` takes them.'),
  onFailure: callable<(error: unknown) => void>()
    .optional('the console is told')
    .about('Told of an error inside the dashboard.'),
});

/** What `dashboard` takes. */
export type DashboardOptions = InputOf<typeof options.entries>;

/** The dashboard, as it listens: as an explorer does. */
export type Dashboard = Explorer;

const watchable = checkOf('a tracker, or a run: its folder or its storage', (value) => {
  return typeof value === 'string' || (typeof value === 'object' && value !== null);
});

/**
 * Shows a training in the browser while it goes on: losses, scores, the hardest examples and how they move. Who opens it
 * late sees all that has been.
 *
 * ```ts
 * const { link, close } = await dashboard(callback.tracker);
 * await model.fit(xs, ys, { callbacks: [callback] });
 * await close();
 * ```
 *
 * @param watched a tracker of this process, or a run that another one writes
 * @throws VogError ARGUMENT_INVALID, DISPOSED, METRIC_UNKNOWN, PROBE_MISMATCH and INPUT_SHAPE (images), PORT_TAKEN,
 *   PAGE_UNBUILT; for a run RUN_ABSENT, RUN_INVALID, RUN_VERSION
 */
export async function dashboard(watched: Tracker | RunPlace, given: DashboardOptions = {}): Promise<Dashboard> {
  checkArgument('dashboard', 'what is watched', watched, watchable);
  const { port = 0, name, by, images, onFailure } = options.resolve(given);
  const how = { port, ...(onFailure === undefined ? {} : { onFailure }) };
  if (!isTracker(watched)) {
    const foreign = Object.entries({ name, by, images }).find(([, value]) => value !== undefined);
    if (foreign === undefined) return live(await explore(watched, how));
    throw new VogError(
      'ARGUMENT_INVALID',
      `dashboard: '${foreign[0]}' is for a tracker. A run shows what it was recorded with: leave it out.`,
    );
  }
  const recorded = await recordTracker(watched, {
    name: name ?? 'training',
    by,
    images,
    onFailure: onFailure ?? ((error) => console.error('The dashboard could not keep the scores.', error)),
  });
  try {
    // Decisions would end with the process.
    const explorer = live(await explore(recorded.storage, { ...how, readOnly: true }));
    const close = (): Promise<void> => {
      recorded.stop();
      return explorer.close();
    };
    return { ...explorer, close };
  } catch (error) {
    recorded.stop();
    throw error;
  }
}

function isTracker(watched: Tracker | RunPlace): watched is Tracker {
  return typeof watched === 'object' && 'observe' in watched && 'columns' in watched;
}

function live(explorer: Explorer): Dashboard {
  return { ...explorer, link: explorer.link.replace('/#', '/?tab=live#') };
}
