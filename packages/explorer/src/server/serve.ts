import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { VogError } from '@vogjs/base';
import type { OpenCheckpoints } from '../kept-checkpoints.js';
import { apiRoutes } from './api.js';
import { json, send } from './http/answer.js';
import { checkHost, checkOrigin, checkToken, newToken } from './http/guard.js';
import { Refusal, refusalOf } from './http/refusal.js';
import { makeRouter } from './http/router.js';
import { MapsOfRuns } from './maps/maps-of-runs.js';
import type { PageFiles } from './page/page-files.js';
import type { Shelf } from './runs/shelf.js';

export interface ServeOptions {
  /** 0 for one that is free. */
  readonly port: number;
  readonly readOnly: boolean;
  /** Milliseconds between looks at a run that is followed. */
  readonly poll: number;
  /** Told of errors that are nobody's fault but ours. */
  readonly onFailure: (error: unknown) => void;
  /** Finds the checkpoints that maps are computed of. */
  readonly checkpoints?: OpenCheckpoints | undefined;
}

/** A server that listens, on this machine alone. */
export interface Served {
  readonly port: number;
  /** What the API asks for, as `authorization: Bearer …`. */
  readonly token: string;
  /** How many pages follow a run just now. */
  pages(): number;
  /** Ends all connections, those that listen to events too. */
  close(): Promise<void>;
}

/** @throws VogError PORT_TAKEN */
export async function serve(shelf: Shelf, page: PageFiles, options: ServeOptions): Promise<Served> {
  const { port, onFailure, checkpoints, ...rest } = options;
  const maps = new MapsOfRuns(shelf, checkpoints);
  const token = newToken();
  const streams = new Set<ServerResponse>();
  const route = makeRouter(apiRoutes(shelf, { ...rest, streams, maps }));

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    checkHost(request.headers);
    const [path = ''] = (request.url ?? '').split('?');
    const file = page.get(path);
    if (file !== undefined) {
      if (request.method !== 'GET' && request.method !== 'HEAD') throw new Refusal(405, 'Get it.', { allow: 'GET' });
      return send(response, 200, file);
    }
    checkOrigin(request.headers);
    checkToken(request.headers, token);
    return send(response, 200, await route(request));
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      const { status, body } = refusalOf(error);
      if (status >= 500) onFailure(error);
      if (response.headersSent || response.destroyed) return void response.destroy();
      const refusal = json(body);
      send(response, status, error instanceof Refusal ? { ...refusal, headers: error.headers } : refusal);
    });
  });
  await listen(server, port);
  return {
    port: (server.address() as AddressInfo).port,
    token,
    pages: () => streams.size,
    close: () =>
      new Promise((resolve) => {
        maps.close();
        server.close(() => resolve());
        for (const stream of streams) stream.destroy();
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE' || error.code === 'EACCES';
      reject(taken ? portTaken(port, error) : error);
    });
    server.listen(port, '127.0.0.1', resolve);
  });
}

function portTaken(port: number, cause: NodeJS.ErrnoException): VogError {
  const why = cause.code === 'EACCES' ? 'is not for everybody' : 'is taken by another program';
  return new VogError('PORT_TAKEN', `Port ${port} ${why}. Give another, or none: then a free one is taken.`, { cause });
}
