// What a document points at: files of the repository and headings, by links and by paths in code spans.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** A path of the repository as prose writes it: `packages/core/src/index.ts`, with or without the end of a folder. */
const PATH = /^(?:packages|test|scripts|examples|docs|\.ci)\/[\w./@-]*$/;
/** A part that stands for any name, as in `packages/metrics/src/NAME/`. */
const PLACEHOLDER = /(?:^|\/)[A-Z]+(?:\.|\/|$)/;

/** Everything but fenced blocks, whose lines are emptied so that line numbers stay. */
const proseOf = (markdown: string): string =>
  markdown.replace(/^( *)(`{3,}|~{3,})[^]*?^\1\2 *$/gm, (block) => block.replace(/[^\n]/g, ''));

/** The anchor that a heading gets. */
const slugOf = (heading: string): string =>
  heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .trim()
    .replaceAll(' ', '-');

function anchorsOf(file: string): Set<string> {
  const headings = proseOf(readFileSync(file, 'utf8')).matchAll(/^#{1,6} +(.*?) *#*$/gm);
  return new Set([...headings].map(([, heading = '']) => slugOf(heading)));
}

/** @returns why a link leads nowhere, or undefined */
function linkProblem(document: string, target: string): string | undefined {
  if (/^[a-z]+:/.test(target)) return undefined;
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? document : resolve(dirname(document), decodeURI(path));
  if (!existsSync(file)) return `there is no ${path}`;
  if (anchor === undefined || !file.endsWith('.md') || anchorsOf(file).has(anchor)) return undefined;
  return `${path || 'this page'} has no heading #${anchor}`;
}

/**
 * What a document points at that is not there.
 *
 * @param root folder of the repository
 * @param document its path from there
 * @returns a problem each, with the line
 */
export function deadEnds(root: string, document: string): string[] {
  const file = join(root, document);
  const lines = proseOf(readFileSync(file, 'utf8')).split('\n');
  return lines.flatMap((line, index) => {
    const at = (problem: string): string => `${document}:${index + 1} ${problem}`;
    const links = [...line.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => linkProblem(file, target));
    const paths = [...line.matchAll(/`([^`]+)`/g)]
      .map(([, code = '']) => code)
      .filter((code) => PATH.test(code) && !PLACEHOLDER.test(code) && !existsSync(join(root, code)))
      .map((code) => `there is no ${code}`);
    return [...links.filter((problem) => problem !== undefined), ...paths].map(at);
  });
}
