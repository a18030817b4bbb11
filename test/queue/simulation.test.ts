// Only with --all: it starts a Redis and a dozen workers, and kills them
import { seededRandom } from '@vogjs/base';
import { missingServer, startServer } from '@vogjs/testing/servers';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { redisFigures } from './redis-figures.js';
import { simulate } from './simulate.js';

const test = suite('shards of empty work through a queue');
const missing = missingServer('redis');
const claim = '300 shards, workers killed every few seconds: each is done and told once, and little is done twice';

if (missing !== null) test.skip(`${claim}: ${missing}`);
else {
  test(claim, async () => {
    const seed = Math.floor(Math.random() * 2 ** 20);
    const server = await startServer('redis');
    try {
      const came = await simulate(server.url, {
        shards: 300,
        workers: 4,
        atOnce: 3,
        shardMs: 1200,
        // Of a worker that is held up for seconds nothing is taken.
        leaseMs: 10_000,
        deathEveryMs: 4000,
        random: seededRandom(seed),
      });
      const said = `seed ${seed}: ${came.deaths} deaths, ${came.lost} lost, ${came.begun} begun`;
      console.log(said);
      assert.equal(came.failed, [], said);
      assert.equal(
        [...came.made.entries()].toSorted(([a], [b]) => a - b),
        Array.from({ length: 300 }, (_, at) => [at + 1, `made ${at + 1}`]),
      );
      assert.ok(came.deaths >= 1, said);
      // A shard is begun once, and once more for each time that it was lost; what was said last of all may be missed.
      assert.ok(came.begun <= 300 + came.lost + 3 * came.deaths, said);
      const figures = await redisFigures(server.url);
      assert.ok((figures['total_commands_processed'] ?? 0) > 300);
    } finally {
      await server.remove();
    }
  });
}

test.run();
