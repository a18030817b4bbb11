// Imports inside a package go down too: of the files and folders that lie in one folder, none may import another that,
// directly or by way of others, imports it. The order itself is nowhere written down; it follows from the imports,
// type-only ones included. So no files form a circle, and no two folders lean on each other.
// A test may import what it likes beside it, but no circle of files goes through tests either.
import { dirname, join, relative, resolve, sep } from 'node:path';

/** @typedef {import('./imports.mjs').Import} Import */
/** @typedef {{ from: string, to: string, line: number }} Edge from one file to another */
/** @typedef {Map<string, Map<string, Edge>>} Graph from a node to its targets, each with an import that shows it */

/** @param {Map<string, Import[]>} importsByFile @returns {Edge[]} the imports of one file by another */
function edgesOf(importsByFile) {
  return [...importsByFile].flatMap(([from, imports]) =>
    imports.flatMap(({ specifier, line }) => {
      if (!specifier.startsWith('.')) return [];
      const target = resolve(dirname(from), specifier);
      const candidates = [target, target.replace(/\.js$/, '.ts'), target.replace(/\.js$/, '.tsx')];
      const to = candidates.find((file) => importsByFile.has(file));
      return to === undefined ? [] : [{ from, to, line }];
    }),
  );
}

/** @param {Graph} graph @param {string} from @param {string} to @param {Edge} edge */
function connect(graph, from, to, edge) {
  const targets = graph.get(from) ?? new Map();
  if (!targets.has(to)) targets.set(to, edge);
  graph.set(from, targets);
}

/** A graph for each folder: what lies directly in it, and which of that imports which. @param {Edge[]} edges */
function graphsByFolder(edges) {
  /** @type {Map<string, Graph>} */
  const graphs = new Map();
  for (const edge of edges) {
    const [from, to] = [edge.from.split(sep), edge.to.split(sep)];
    const shared = from.findIndex((part, index) => part !== to[index]);
    const folder = from.slice(0, shared).join(sep);
    const graph = graphs.get(folder) ?? new Map();
    connect(graph, join(folder, from[shared] ?? ''), join(folder, to[shared] ?? ''), edge);
    graphs.set(folder, graph);
  }
  return graphs;
}

/** @param {Graph} graph @param {string} start @returns {Edge[] | undefined} the shortest way from a node back to it */
function circleThrough(graph, start) {
  /** @type {Map<string, Edge[]>} */
  const ways = new Map([[start, []]]);
  for (const [node, way] of ways) {
    for (const [target, edge] of graph.get(node) ?? []) {
      if (target === start) return [...way, edge];
      // A map is walked in the order of insertion, and sees what is inserted on the way.
      if (!ways.has(target)) ways.set(target, [...way, edge]);
    }
  }
  return undefined;
}

/** @param {Graph} graph @returns {Edge[][]} for every node in a circle its shortest one, each circle once */
function circlesOf(graph) {
  /** @type {Map<string, Edge[]>} */
  const circles = new Map();
  for (const node of graph.keys()) {
    const circle = circleThrough(graph, node);
    const key = JSON.stringify(circle?.map(({ from, line }) => `${from}:${line}`).sort());
    if (circle && !circles.has(key)) circles.set(key, circle);
  }
  return [...circles.values()];
}

/**
 * @param {string} root
 * @param {Map<string, Import[]>} importsByFile
 * @param {(file: string) => boolean} isTest
 * @returns {{ file: string, line: number, text: string }[]} a problem for each circle
 */
export function findCircles(root, importsByFile, isTest) {
  const edges = edgesOf(importsByFile);
  const isOfTests = (/** @type {Edge} */ { from, to }) => isTest(from) || isTest(to);
  /** @type {Graph} */
  const files = new Map();
  for (const edge of edges) connect(files, edge.from, edge.to, edge);
  const circles = [
    ...[...graphsByFolder(edges.filter((edge) => !isOfTests(edge))).values()].flatMap(circlesOf),
    ...circlesOf(files).filter((circle) => circle.some(isOfTests)),
  ];
  return circles.map((circle) => {
    const [first = { from: '', to: '', line: 0 }, ...others] = circle;
    const shown = (/** @type {Edge} */ { from, to, line }) => `${relative(root, from)}:${line} > ${relative(root, to)}`;
    const rest = others.map((edge) => `, ${shown(edge)}`).join('');
    return { file: first.from, line: first.line, text: `> ${relative(root, first.to)}${rest}: a circle of imports` };
  });
}
