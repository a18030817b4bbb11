import { VogError } from '@vogjs/base';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { type Address, unreachable } from './address.js';
import { pause, within } from './deadline.js';

/** How far clocks may be apart, as a share of the time after which a silent worker counts as gone. */
const APART = 0.25;
/** PostgreSQL's own word for: it starts, or ends. */
const CANNOT_CONNECT_NOW = '57P03';
/** Milliseconds between two questions to one that starts. */
const STARTING = 200;

/**
 * Asks the server of a queue for its time: it is there, lets us in, and its clock is ours. Back-off and, on PostgreSQL,
 * who counts as gone go by the clocks of the workers.
 *
 * @param patience milliseconds for an answer
 * @param lease milliseconds after which a silent worker counts as gone
 * @throws VogError QUEUE_UNREACHABLE, QUEUE_CLOCK
 */
export async function probe(address: Address, patience: number, lease: number): Promise<void> {
  const asked = Date.now();
  let server: number;
  try {
    server = await within(patience, address.engine === 'redis' ? redisTime(address) : postgresTime(address, patience));
  } catch (error) {
    throw unreachable(address, (error as Error).message);
  }
  // Somewhen between question and answer.
  const answered = Date.now();
  const apart = server < asked ? server - asked : Math.max(0, server - answered);
  if (Math.abs(apart) <= APART * lease) return;
  const seconds = Math.round(Math.abs(apart) / 1000);
  throw new VogError(
    'QUEUE_CLOCK',
    `The clock of this machine is ${seconds} s ${apart > 0 ? 'behind' : 'ahead of'} the one of the queue at ${address.shown}. ` +
      'Set both by NTP: retries of shards depend on them.',
  );
}

async function redisTime({ url }: Address): Promise<number> {
  const client = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    enableReadyCheck: true,
  });
  let last: Error | undefined;
  client.on('error', (error: Error) => (last = error));
  try {
    await client.connect();
    const [seconds, microseconds] = await client.time();
    return Number(seconds) * 1000 + Number(microseconds) / 1000;
  } catch (error) {
    throw last ?? error;
  } finally {
    client.disconnect();
  }
}

async function postgresTime(address: Address, patience: number): Promise<number> {
  for (const until = performance.now() + patience; ; await pause(STARTING)) {
    try {
      return await postgresTimeNow(address, patience);
    } catch (error) {
      if ((error as { code?: string }).code !== CANNOT_CONNECT_NOW || performance.now() > until) throw error;
    }
  }
}

async function postgresTimeNow({ url }: Address, patience: number): Promise<number> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: patience });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ now: string }>('SELECT extract(epoch FROM clock_timestamp())::text AS now');
    return Number(rows[0]?.now) * 1000;
  } finally {
    await client.end().catch(() => {});
  }
}
