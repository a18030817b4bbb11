// Neighbours of many rows: time of one core, memory, and how many of the true neighbours are found.
import { seededRandom } from '@vogjs/base';
import { nearestNeighbours } from '@vogjs/issues';
import process from 'node:process';
import { machineLine } from './harness.js';

const [ROWS, WIDTH, K, QUERIES] = [Number(process.env['VOGJS_BENCH_ROWS'] ?? 100_000), 128, 10, 100];

/** Ten classes, each a cloud of 16 dimensions in 128, a little noise, and no negative values: as features are. */
function featureRows(): Float32Array {
  const random = seededRandom(3);
  const bases = Array.from({ length: 10 }, () => Float32Array.from({ length: 17 * WIDTH }, () => random.normal()));
  const data = new Float32Array(ROWS * WIDTH);
  for (let row = 0; row < ROWS; row++) {
    const basis = bases[row % 10]!;
    const place = Float32Array.from({ length: 17 }, (_, axis) => (axis === 0 ? 3 : random.normal()));
    for (let d = 0; d < WIDTH; d++) {
      let value = 0.1 * random.normal();
      for (let axis = 0; axis < 17; axis++) value += place[axis]! * basis[axis * WIDTH + d]!;
      data[row * WIDTH + d] = Math.max(0, value);
    }
  }
  return data;
}

/** Share of the true neighbours of some rows that were found. */
function recallOf(data: Float32Array, indices: Int32Array): number {
  const unit = (row: number): Float32Array => {
    const own = data.subarray(row * WIDTH, (row + 1) * WIDTH);
    const length = Math.hypot(...own);
    return own.map((value) => value / length);
  };
  const units = Array.from({ length: ROWS }, (_, row) => unit(row));
  let hits = 0;
  for (let query = 0; query < QUERIES; query++) {
    const row = Math.floor((query * ROWS) / QUERIES);
    const likeness = Float64Array.from(units, (other, i) =>
      i === row ? -2 : other.reduce((sum, value, d) => sum + value * units[row]![d]!, 0),
    );
    const best = Array.from(likeness.keys()).sort((a, b) => likeness[b]! - likeness[a]!);
    const found = new Set(indices.subarray(row * K, (row + 1) * K));
    hits += best.slice(0, K).filter((i) => found.has(i)).length;
  }
  return hits / QUERIES / K;
}

const data = featureRows();
const before = process.memoryUsage().rss;
const began = process.cpuUsage();
const { indices } = nearestNeighbours({ data, shape: [ROWS, WIDTH] }, { k: K });
const { user, system } = process.cpuUsage(began);
const seconds = ((user + system) / 1e6).toFixed(0);
const mebibytes = ((process.resourceUsage().maxRSS * 1024 - before) / 2 ** 20).toFixed(0);
console.log(machineLine('no backend'));
console.log(
  `${ROWS} x ${WIDTH}, ${K} neighbours: ${seconds} s of one core, ${mebibytes} MiB more, recall ${recallOf(data, indices).toFixed(3)}`,
);
