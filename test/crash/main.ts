// Kills a training many times and counts what was lost.
// usage: node scripts/ts.mjs test/crash/main.ts [--kills N] [--backend cpu|wasm|tfjs-node] [--seed N]
import { parseArgs } from 'node:util';
import { crash } from './crash.js';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    backend: { type: 'string', default: 'cpu' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
  },
});
const [kills, seed] = [Number(values.kills), Number(values.seed)];
if (!Number.isInteger(kills) || kills < 1 || !Number.isInteger(seed)) {
  console.error('--kills must be a whole number from 1, --seed a whole number');
  process.exit(2);
}
console.log(`${kills} kills on ${values.backend}, seed ${seed}`);
const started = performance.now();
const { losses, ...report } = await crash({ kills, backend: values.backend, seed });
for (const loss of losses) console.log(`LOST ${loss}`);
const seconds = ((performance.now() - started) / 1000).toFixed(0);
console.log(
  `${report.kills} kills in ${report.runs} trainings, ${report.saves} saves that had resolved, ${report.early} kills before the first save, ` +
    `${report.strays} stray files, ${losses.length} losses, ${seconds} s`,
);
process.exitCode = losses.length > 0 || report.strays > 0 ? 1 : 0;
