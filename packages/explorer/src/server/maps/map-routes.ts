import type { IncomingMessage } from 'node:http';
import { type Answer, floats, json } from '../http/answer.js';
import type { Routes } from '../http/router.js';
import type { HeatMap } from './heat-map.js';
import type { MapsOfRuns } from './maps-of-runs.js';

/** Maps of an example, by numbers of its run, its row and a checkpoint. */
export function mapRoutes(maps: MapsOfRuns): Routes {
  return {
    'GET /api/runs/#/maps': async ([number = 0]) => json(await (await maps.of(number)).available()),
    'GET /api/runs/#/maps/#': async ([number = 0, row = 0], request) =>
      answerOf(await (await maps.of(number, row)).deviation(row, waiting(request))),
    'GET /api/runs/#/maps/#/#': async ([number = 0, row = 0, checkpoint = 0], request) =>
      answerOf(await (await maps.of(number, row)).gradient(row, checkpoint, waiting(request))),
  };
}

/** Whether the client still listens. */
const waiting =
  ({ socket }: IncomingMessage) =>
  (): boolean =>
    !socket.destroyed;

function answerOf({ height, width, values }: HeatMap): Answer {
  return { ...floats(values), headers: { 'vogjs-shape': `${height} ${width}` } } as Answer;
}
