// README, docs, changelog and docstrings are in short sentences: a mean of fewer than 18 words, and none above 35. What a
// reader's eye must judge, it cannot.
// usage: node scripts/check/words.mjs
import { readFileSync } from 'node:fs';
import { trackedFiles } from './tracked.mjs';

const MOST = 35;
const MEAN = 18;

/** Prose alone: no code, no comments, no tables, no headings; each item of a list for itself. @param {string} markdown */
function paragraphsOf(markdown) {
  const prose = markdown.replace(/^( *)(`{3,})[^]*?^\1\2.*$/gm, '').replace(/<!--[^]*?-->/g, '');
  return prose
    .split(/\n\s*\n|\n(?=\s*(?:[-*]|\d+\.)\s)/)
    .filter((block) => block.trim() !== '' && !/^\s*[|#<]/.test(block))
    .map((block) =>
      block
        .replace(/^\s*(?:[-*>]|\d+\.)\s/, '')
        .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
        .replace(/\*\*|\*/g, '')
        .replace(/`[^`]*`/g, 'Code')
        .replace(/\s+/g, ' ')
        .trim(),
    );
}

const sentencesOf = (/** @type {string} */ block) => block.split(/(?<=[.!?][)"”]?)\s+(?=["“(]?[A-Z0-9]|["“])/);
const wordsOf = (/** @type {string} */ sentence) => sentence.match(/[\p{L}\p{N}'’.,%×-]+/gu)?.length ?? 0;

/** The docstrings of what a module exports, as Markdown: each tag begins a paragraph; lists of error codes are no prose. */
const docstringsOf = (/** @type {string} */ code) =>
  [...code.matchAll(/^\/\*\*(?!\/)((?:(?!\*\/)[^])*)\*\/\s*export /gm)]
    .map(([, text = '']) => text.replace(/^[ \t]*\* ?/gm, '').replace(/^@throws[^@]*/gm, ''))
    .map((text) => text.replace(/^@(?:param [\w.]+|\w+)/gm, '\n\n'))
    .join('\n\n');

const isPage = (/** @type {string} */ path) =>
  /^(?:README|CONTRIBUTING|CHANGELOG)\.md$|^docs\/.*\.md$|^packages\/[a-z]+\/README\.md$|^site\/.*\.md$/.test(path);
const isModule = (/** @type {string} */ path) =>
  /^packages\/[a-z]+\/src\/.*\.[cm]?tsx?$/.test(path) && !/\.test\.|\/assembly\//.test(path);

/** @type {string[]} */
const long = [];
let [sentences, words] = [0, 0];
for (const path of trackedFiles()) {
  if (!isPage(path) && !isModule(path)) continue;
  const text = readFileSync(path, 'utf8');
  for (const block of paragraphsOf(isPage(path) ? text : docstringsOf(text))) {
    for (const sentence of sentencesOf(block)) {
      const count = wordsOf(sentence);
      if (count < 2) continue;
      sentences += 1;
      words += count;
      if (count > MOST) long.push(`${path}: ${count} words: ${sentence.slice(0, 100)}…`);
    }
  }
}
const mean = words / sentences;
if (mean >= MEAN) long.push(`the mean sentence has ${mean.toFixed(1)} words, not below ${MEAN}`);
if (long.length > 0) {
  console.error(long.join('\n'));
  process.exit(1);
}
console.log(`${sentences} sentences of ${mean.toFixed(1)} words, none above ${MOST}`);
