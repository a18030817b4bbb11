// Writes the tables of options into the docs.
// usage: pnpm run docs [--check]     (--check: only tells which pages are behind, and fails)
import { updatePages } from './option-tables.js';

const check = process.argv.includes('--check');
const changed = updatePages(check);
if (changed.length === 0) console.log('the tables of options say what is declared');
else console.log(`${check ? 'behind what is declared, run pnpm run docs' : 'written'}: ${changed.join(', ')}`);
process.exitCode = check && changed.length > 0 ? 1 : 0;
