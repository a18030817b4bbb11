// The harness finds what it is there to find.
// Only with --all: it waits for a reader that hangs
import { type SeededRandom, VogError } from '@vogjs/base';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SEED } from '@vogjs/testing';
import { fuzz } from './harness.js';
import { mutate } from './mutations.js';

const test = suite('the harness of the fuzzed readers');
const sample = new Uint8Array(1000);

async function faultOf(read: (bytes: Uint8Array) => unknown): Promise<string> {
  try {
    await fuzz({ what: 'test', count: 3, make: (random) => mutate(sample, random), read });
  } catch (error) {
    return (error as Error).message;
  }
  return 'no fault';
}

test('values and VogErrors are no faults, and are counted', async () => {
  let calls = 0;
  const { read, refused, codes } = await fuzz({
    what: 'test',
    count: 10,
    make: (random) => mutate(sample, random),
    read: () => {
      if (++calls > 6) throw new VogError('FORMAT_INVALID', 'bad');
    },
  });
  assert.equal([read, refused, [...codes]], [6, 4, [['FORMAT_INVALID', 4]]]);
});

test('another error is a fault, told with the seed, the input and how it was made', async () => {
  const message = await faultOf(() => (undefined as unknown as Uint8Array).length);
  assert.match(message, /threw TypeError/);
  assert.match(message, new RegExp(`input 0, \\d+ bytes: .*\\n *SEED=${SEED} INPUT=0 repeats it`));
  assert.match(await faultOf(() => Promise.reject(new RangeError('x'))), /threw RangeError/);
});

test('a second is a fault, and so are 80 MiB, kept and not written to, or the other way round', async () => {
  const busy = () => {
    for (const end = process.cpuUsage().user + 1_100_000; process.cpuUsage().user < end;);
  };
  assert.match(await faultOf(busy), /took \d{4,} ms of the processor/);
  // Other buffers of the process come and go meanwhile.
  const [, held] = /holds (\d+) bytes of buffers/.exec(await faultOf(() => new Uint8Array(80 * 2 ** 20))) ?? [];
  assert.ok(Math.abs(Number(held) - 80 * 2 ** 20) < 2 ** 21, `holds ${held}`);
  // More than what has been given back since the process was largest.
  const garbage = () => new Array<number>(24 * 2 ** 20).fill(0.5).length;
  assert.match(await faultOf(garbage), /the process rose by \d+ bytes/);
  assert.match(
    await faultOf(() => {
      throw new VogError('FORMAT_INVALID', 'x'.repeat(30_000));
    }),
    /a message of 30000/,
  );
});

test('an input is made of the seed and its number alone', async () => {
  const inputs = async (): Promise<string[]> => {
    const made: string[] = [];
    const make = (random: SeededRandom) => mutate(sample, random);
    await fuzz({
      what: 'test',
      count: 20,
      make,
      read: (bytes, { recipe }) => made.push(`${bytes.join()} ${recipe.join()}`),
    });
    return made;
  };
  assert.equal(await inputs(), await inputs());
});

test.run();
