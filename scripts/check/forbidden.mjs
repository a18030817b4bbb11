// What must not enter the repository: where packages were downloaded from, and paths of one machine.
import { readFileSync } from 'node:fs';
import { trackedFiles } from './tracked.mjs';

/** No pattern goes over a line's end again from each of its beginnings: a line may be a whole file. @type {{ what: string, pattern: RegExp, only?: RegExp, within?: RegExp }[]} */
const rules = [
  {
    what: 'a download address in the lockfile',
    pattern: /\b(?:resolved|tarball):|https?:\/\//,
    only: /^pnpm-lock\.yaml$/,
  },
  {
    what: 'a registry or mirror address',
    pattern: /registry|mirror|artifactory|nexus/i,
    within: /https?:\/\/[^\s'"`)]*|\bregistry\s*=/gi,
  },
  { what: 'an absolute path of one machine', pattern: /(?<![\w.~-])\/(?:home|Users|root|work)\/\w|[A-Z]:\\Users\\/ },
];

let found = 0;
let searched = 0;
for (const path of trackedFiles()) {
  const content = readFileSync(path);
  if (content.includes(0)) continue;
  searched++;
  for (const [index, line] of content.toString('utf8').split('\n').entries()) {
    for (const { what, pattern, only, within } of rules) {
      if (only && !only.test(path)) continue;
      const match = within ? [...line.matchAll(within)].find(([part]) => pattern.test(part)) : pattern.exec(line);
      if (!match) continue;
      found++;
      console.log(`${path}:${index + 1} ${what}: ${line.slice(match.index, match.index + 60)}`);
    }
  }
}
if (found === 0) console.log(`${searched} text files`);
process.exitCode = found > 0 || searched === 0 ? 1 : 0;
