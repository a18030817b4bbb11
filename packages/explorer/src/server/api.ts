import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { EXPORT_FORMATS, exportRun } from '@vogjs/run';
import type { ApiCorrections, ApiTrajectory, RunList } from '../api/types.js';
import { compareRuns } from './compare/compare-runs.js';
import { EventFeed } from './events/event-feed.js';
import { streamOf } from './events/stream.js';
import { type Answer, floats, json } from './http/answer.js';
import { readBody } from './http/body.js';
import { Refusal } from './http/refusal.js';
import { mapRoutes } from './maps/map-routes.js';
import type { MapsOfRuns } from './maps/maps-of-runs.js';
import type { Routes } from './http/router.js';
import { readColumn } from './runs/columns.js';
import { describeRun } from './runs/describe-run.js';
import { readIssues } from './runs/issues.js';
import { nearestTo } from './runs/neighbours.js';
import { readReviews, writeReviews } from './runs/reviews.js';
import type { ServedRun } from './runs/served-run.js';
import { requireRow } from './runs/require-row.js';
import type { Shelf } from './runs/shelf.js';
import { trainAgain } from './runs/train-again.js';

export interface ApiOptions {
  readonly readOnly: boolean;
  /** Milliseconds between looks at a run that is followed. */
  readonly poll: number;
  /** Answers that go on; the server ends them when it closes. */
  readonly streams: Set<ServerResponse>;
  readonly maps: MapsOfRuns;
}

const NEIGHBOURS = 12;
/** As many as the page's map asks for, and some. */
const COMPONENTS = 16;

/** All that the page asks for. Answers about a run say its edition, so that the page knows when to read anew. */
export function apiRoutes(shelf: Shelf, { readOnly, poll, streams, maps }: ApiOptions): Routes {
  const feeds = new Map<number, EventFeed>();
  const feedOf = (number: number): EventFeed => {
    const { storage } = shelf.run(number);
    const feed = feeds.get(number) ?? new EventFeed(storage, poll);
    feeds.set(number, feed);
    return feed;
  };
  const writable = (): void => {
    if (readOnly) throw new Refusal(403, 'The explorer was started read-only. Start it without --read-only to decide.');
  };
  const runOf = (number: unknown): ServedRun => {
    if (typeof number !== 'number') throw new Refusal(400, 'run must be the number of a run.');
    return shelf.run(number);
  };

  return {
    'GET /api/runs': async () => json({ runs: await shelf.list(), readOnly } satisfies RunList),
    'GET /api/runs/#': async ([number = 0]) => json(await describeRun(shelf.run(number), number)),
    'GET /api/runs/#/columns/#': async ([number = 0, column = 0]) => {
      const served = shelf.run(number);
      const { run, edition } = await served.open();
      const values = await readColumn(await served.table(run), column);
      return of(edition, values instanceof Float32Array ? floats(values) : json(values));
    },
    'GET /api/runs/#/issues': async ([number = 0]) => {
      const served = shelf.run(number);
      const { run, edition } = await served.open();
      return of(edition, json(await readIssues(served, run)));
    },
    'GET /api/runs/#/ood': async ([number = 0]) => {
      const { run, edition } = await shelf.run(number).open();
      return of(edition, json(await run.ood()));
    },
    'GET /api/runs/#/thumbs/#': async ([number = 0, sheet = 0]) => {
      const { run, edition } = await shelf.run(number).open();
      const { sheets } = await run.thumbs();
      const name = sheets[sheet];
      if (name === undefined) throw new Refusal(404, `There is no sheet number ${sheet}: there are ${sheets.length}.`);
      return of(edition, { type: 'image/png', body: await run.storage.read(name) });
    },
    'GET /api/runs/#/trajectories/#': async ([number = 0, row = 0]) => {
      const served = shelf.run(number);
      const { run, edition } = await served.open();
      requireRow(row, run.manifest.examples);
      const trajectory: ApiTrajectory = await (await served.trajectories(run)).of(row);
      return of(edition, json(trajectory));
    },
    'GET /api/runs/#/neighbours/#': async ([number = 0, row = 0]) => {
      const served = shelf.run(number);
      const { run, edition } = await served.open();
      requireRow(row, run.manifest.examples);
      return of(edition, json(nearestTo(await served.features(run), row, NEIGHBOURS)));
    },
    'GET /api/runs/#/components/#': async ([number = 0, count = 0]) => {
      if (count < 1 || count > COMPONENTS) throw new Refusal(404, `Ask for 1 to ${COMPONENTS} components.`);
      const served = shelf.run(number);
      const { run, edition } = await served.open();
      const { places, share } = await served.components(run, count);
      const answer = of(edition, floats(places));
      return 'stream' in answer ? answer : { ...answer, headers: { ...answer.headers, 'vogjs-share': String(share) } };
    },
    'GET /api/runs/#/reviews': async ([number = 0]) => {
      const served = shelf.run(number);
      const { run, edition } = await served.open();
      return of(edition, json(await readReviews(served, run)));
    },
    'POST /api/reviews': async (_, request) => {
      writable();
      const { run: number, reviews } = await readBody(request);
      const served = runOf(number);
      const { run } = await served.open();
      return json({ reviews: await writeReviews(served, run, reviews) });
    },
    'POST /api/corrections': async (_, request) => {
      writable();
      const served = runOf((await readBody(request))['run']);
      const { run } = await served.open();
      const corrections = await (await served.reviewer(run)).writeCorrections();
      const { folder } = served;
      const file = folder === null ? 'corrections.csv' : join(folder, 'corrections.csv');
      const again = folder === null ? null : trainAgain(run.manifest, folder, file);
      return json({ file, corrections, again } satisfies ApiCorrections);
    },
    'GET /api/runs/#/exports/#': async ([number = 0, format = 0]) => {
      const to = EXPORT_FORMATS[format];
      if (to === undefined) throw new Refusal(404, `There is no export number ${format}.`);
      const { run } = await shelf.run(number).open();
      return { type: 'application/octet-stream', body: await exportRun(run, { to }) };
    },
    'GET /api/compare/#/#': async ([before = 0, after = 0]) =>
      json(await compareRuns(shelf.run(before), shelf.run(after), undefined)),
    'GET /api/compare/#/#/#': async ([before = 0, after = 0, column = 0]) =>
      json(await compareRuns(shelf.run(before), shelf.run(after), column)),
    ...mapRoutes(maps),
    'GET /api/runs/#/events': async ([number = 0], request) => streamOf(feedOf(number), request, streams),
  };
}

function of(edition: string, answer: Answer): Answer {
  return 'stream' in answer ? answer : { ...answer, headers: { ...answer.headers, 'vogjs-edition': edition } };
}
