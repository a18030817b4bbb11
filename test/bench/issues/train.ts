// Only the trainings, for the cases named: node scripts/ts.mjs test/bench/issues/train.ts [CASE ...]
import { selectBackend } from '@vogjs/core/node';
import process from 'node:process';
import { CASES } from './cases.js';
import { cacheFolder } from './folder.js';
import { outputsOf } from './outputs.js';

const names = process.argv.slice(2);
await selectBackend('auto');
for (const each of CASES.filter(({ name }) => names.length === 0 || names.includes(name))) {
  const { minutes } = await outputsOf(each, await each.read(), cacheFolder(), console.log);
  console.log(`${each.name}: ${minutes.toFixed(1)} minutes of training`);
}
