// Fuzzes for as long as asked, and prints a shrunken network as code for every fault.
// usage: node scripts/ts.mjs test/fuzz/main.ts [--minutes N] [--backend NAME] [--seed S] [--from I] [--count N] [--no-shrink]
import { parseArgs } from 'node:util';
import { type BackendName, selectBackend } from '@vogjs/core/node';
import { codeOf } from './code.js';
import { FloatOracle } from './oracle.js';
import { casesOf, tryCases } from './run.js';
import { shrink } from './shrink.js';

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    backend: { type: 'string', default: 'wasm' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e6)) },
    from: { type: 'string', default: '0' },
    count: { type: 'string', default: 'Infinity' },
    'no-shrink': { type: 'boolean', default: false },
  },
});
const [minutes, seed, from, count] = [options.minutes, options.seed, options.from, options.count].map(Number) as [number, number, number, number]; // prettier-ignore
if (![minutes > 0, Number.isSafeInteger(seed), from >= 0, count > 0].every(Boolean)) {
  console.error('--minutes, --seed, --from and --count take numbers');
  process.exit(2);
}
console.warn = () => {};
await selectBackend(options.backend as BackendName);
console.log(`seed ${seed}, backend ${options.backend}, ${minutes} minutes`);
const oracle = new FloatOracle();
const { tried, found, unrunnable, smooth, kinked, exempted } = await tryCases(
  casesOf(seed, from, from + count),
  oracle,
  {
    until: performance.now() + 60_000 * minutes,
    async onFault({ index, example, verdict }) {
      console.log(`\nFAULT --seed ${seed} --from ${index} --count 1: ${example.name}`);
      for (const { kind, text } of verdict.faults.slice(0, 3)) console.log(`  ${kind}: ${text}`);
      if (options['no-shrink']) return;
      const { smaller, fault } = await shrink(example, verdict.faults[0]!.kind, oracle);
      console.log(`shrunken: ${fault.kind}: ${fault.text}\n${codeOf(smaller)}`);
    },
  },
);
oracle.close();
for (const { index, name, why } of unrunnable) console.log(`not run: ${index} ${name}: ${why.slice(0, 160)}`);
console.log(
  `${tried} networks, ${found.length} with faults, ${unrunnable.length} that do not run; ` +
    `${smooth} slopes exact, ${kinked} beside a kink, ${exempted} exempted`,
);
process.exitCode = found.length > 0 ? 1 : 0;
