import { request } from 'node:http';
import { createRun, memoryStorage, type RunStorage, type RunWriter } from '@vogjs/run';
import type { ApiColumn, RunDescription } from '../api/types.js';
import { type ServeOptions, serve } from './serve.js';
import { openShelf } from './runs/shelf.js';

export const CLASS_NAMES = ['cat', 'dog', '<b>bird</b>'];
export const IDS = ['a', 'b', '../../run.json', '<img src=x>', 'e', 'f'];
export const SCORES = Float32Array.of(0.5, -0, Number.NaN, Infinity, 3e-40, 7);

/** A small run with every part in it. */
export async function writeRun(place: string | RunStorage): Promise<RunWriter> {
  const run = await createRun(place, { examples: IDS.length, classNames: CLASS_NAMES });
  const facts = { column: 'vog', window: 'complete', hardDirection: 'high', checkpoints: 2 } as const;
  await run.scores({
    ids: IDS,
    labels: Int32Array.of(0, 1, 2, 0, 1, 2),
    predicted: Int32Array.of(0, 1, 1, 0, -1, 2),
    scores: [{ metric: 'vog', ...facts, values: SCORES }],
    meta: {
      width: [1, 2, null, 4, 5, 6],
      group: ['x', null, 'y', '', 'z', 'z'],
      cut: [true, false, null, true, true, true],
    },
  });
  const twice = <T>(make: (checkpoint: number) => T): T[] => [make(0), make(1)];
  await run.trajectories({
    labelProbability: twice((t) => new Float32Array(6).fill(0.25 + t / 2)),
    margin: twice(() => new Float32Array(6).fill(Number.NaN)),
    loss: twice((t) => new Float32Array(6).fill(2 - t)),
    predicted: twice((t) => new Int32Array(6).fill(t)),
  });
  await run.features({ data: Float32Array.of(1, 0, 0, 1, 3, 3, 0, 0, 2, 0.1, -1, 0), examples: 6, size: 2 });
  await run.issues({
    summary: [{ kind: 'label', flagged: 1, examined: 6, says: 'One label.' }],
    issues: [
      { kind: 'label', id: IDS[2]!, score: 0.9, flagged: true, why: 'a dog', suggested: 1, suggestedProbability: 0.8 },
      { kind: 'duplicate', id: 'e', score: 0.7, flagged: true, why: 'twins', others: ['f', 'nobody'] },
      { kind: 'imbalance', id: 'cat', score: 0.6, flagged: true, why: 'few' },
      { kind: 'outlier', id: 'nobody', score: 0.6, flagged: true, why: 'far' },
    ],
  });
  await run.thumbs({
    width: 2,
    height: 2,
    channels: 1,
    count: 6,
    read: (s, e) => new Uint8Array((e - s) * 4).fill(80),
  });
  await run.event('checkpoint', { checkpoint: 0 });
  return run;
}

/** An answer as a raw client sees it. */
interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export interface Client {
  readonly port: number;
  readonly token: string;
  /** Errors that the server told as its own. */
  readonly failures: readonly unknown[];
  /** With the token, unless `headers` say otherwise. */
  ask(method: string, path: string, headers?: Record<string, string>, body?: string): Promise<Reply>;
  json<T>(path: string): Promise<T>;
  post(path: string, body: unknown): Promise<Reply>;
  /** Number of a column by name. */
  column(name: string): Promise<number>;
  close(): Promise<void>;
}

/** A server over a run in memory, or over a place, and a client that speaks HTTP to it byte by byte. */
export async function served(place: string | RunStorage | null, options: Partial<ServeOptions> = {}): Promise<Client> {
  const storage = place ?? memoryStorage();
  if (place === null) await writeRun(storage);
  const failures: unknown[] = [];
  const page = new Map([['/', { type: 'text/html', body: '<p>page</p>' }]]);
  const onFailure = (error: unknown): void => void failures.push(error);
  const defaults = { port: 0, readOnly: false, poll: 10, onFailure };
  const { port, token, close } = await serve(await openShelf(storage), page, { ...defaults, ...options });
  const ask: Client['ask'] = (method, path, headers = { authorization: `Bearer ${token}` }, body = '') =>
    new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
        );
      });
      sent.on('error', reject);
      sent.end(body);
    });
  const json = async <T>(path: string): Promise<T> => {
    const { status, body } = await ask('GET', path);
    if (status !== 200) throw new Error(`${path}: ${status} ${body.toString()}`);
    return JSON.parse(body.toString()) as T;
  };
  return {
    port,
    token,
    failures,
    ask,
    json,
    post: (path, body) =>
      ask(
        'POST',
        path,
        { authorization: `Bearer ${token}`, 'content-type': 'application/json', origin: `http://127.0.0.1:${port}` },
        JSON.stringify(body),
      ),
    async column(name) {
      const { columns } = await json<RunDescription>('/api/runs/0');
      return (columns.find((column) => column.name === name) as ApiColumn).column;
    },
    close,
  };
}
