// 10,000 shards through a Redis of its own, with workers that die: node scripts/ts.mjs test/queue/simulation.ts
import { loadavg } from 'node:os';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { seededRandom } from '@vogjs/base';
import { startServer } from '@vogjs/testing/servers';
import { redisFigures } from './redis-figures.js';
import { simulate } from './simulate.js';

const { values } = parseArgs({
  options: {
    shards: { type: 'string', default: '10000' },
    workers: { type: 'string', default: '20' },
    'at-once': { type: 'string', default: '5' },
    'shard-ms': { type: 'string', default: '500' },
    // Of the run that is simulated: minutes of a shard, and deaths of a worker in an hour.
    minutes: { type: 'string', default: '10' },
    'an-hour': { type: 'string', default: '0.01' },
    'lease-ms': { type: 'string', default: '5000' },
    seed: { type: 'string', default: '1' },
  },
});
const number = (name: keyof typeof values): number => Number(values[name]);
const [shards, workers, atOnce, shardMs] = [number('shards'), number('workers'), number('at-once'), number('shard-ms')];
/** How much faster time goes here. */
const lapse = (number('minutes') * 60_000) / shardMs;
const deathEveryMs = 3600_000 / (number('an-hour') * workers * lapse);

const server = await startServer('redis');
const tell = (line: string): void => console.log(line);
process.on('SIGINT', () => void server.remove().finally(() => process.exit(130)));
try {
  const before = loadavg()[0];
  tell(`Time goes ${lapse} times as fast; a worker dies every ${(deathEveryMs / 1000).toFixed(1)} s. Load ${before}`);
  const [start, used] = [await redisFigures(server.url), process.cpuUsage()];
  const random = seededRandom(number('seed'));
  const came = await simulate(server.url, {
    shards,
    workers,
    atOnce,
    shardMs,
    leaseMs: number('lease-ms'),
    deathEveryMs,
    random,
    tell,
  });
  const end = await redisFigures(server.url);
  const grown = (name: string): number => (end[name] ?? 0) - (start[name] ?? 0);
  const each = (value: number): string => (value / shards).toFixed(1);
  const { user, system } = process.cpuUsage(used);
  const taken = came.takenOver.toSorted((a, b) => a - b);
  const { deaths, lost, begun, failed } = came;
  tell(`done ${came.made.size} of ${shards}, given up ${failed.length}: ${failed.map(({ why }) => why).join('; ')}`);
  tell(`deaths ${deaths}, shards lost with them ${lost}, begun ${begun}`);
  tell(
    `taken over after ${taken[Math.floor(taken.length / 2)]?.toFixed(1)} s in the median, ${taken.at(-1)?.toFixed(1)} s at most`,
  );
  tell(
    `submitting ${came.submitting.toFixed(1)} s, working ${came.working.toFixed(1)} s, forgetting ${came.forgetting.toFixed(1)} s`,
  );
  tell(`least that the work could take: ${((shards * shardMs) / (workers * atOnce) / 1000).toFixed(1)} s`);
  tell(
    `Redis: ${each(grown('total_commands_processed'))} commands a shard, ${each(grown('total_net_input_bytes'))} bytes in and ${each(grown('total_net_output_bytes'))} out`,
  );
  tell(
    `Redis: ${((end['used_memory_peak'] ?? 0) / 1e6).toFixed(1)} MB at most, ${(grown('used_cpu_user') + grown('used_cpu_sys')).toFixed(1)} s of processor`,
  );
  tell(`this process: ${((user + system) / 1e6).toFixed(1)} s of processor. Load ${loadavg()[0]}`);
  if (came.made.size !== shards) process.exitCode = 1;
} finally {
  await server.remove();
}
