// The import specifiers of a source file, read from its syntax tree: comments and strings cannot be mistaken for imports.
import { readFileSync } from 'node:fs';
import { parseSync, Visitor } from 'oxc-parser';

/** @typedef {{ specifier: string, line: number, typeOnly: boolean }} Import typeOnly: nothing of it is left when run */

/** @param {string} file @returns {Import[]} */
export function importsOf(file) {
  const source = readFileSync(file, 'utf8');
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`does not parse: ${errors[0]?.message}`);
  /** @type {Import[]} */
  const found = [];
  /** @param {any} literal @param {boolean} typeOnly */
  const note = (literal, typeOnly = false) => {
    if (literal?.type !== 'Literal' || typeof literal.value !== 'string') return;
    const line = source.slice(0, literal.start).split('\n').length;
    found.push({ specifier: literal.value, line, typeOnly });
  };
  /** @param {any} node */
  const noteSource = (node) => note(node.source, node.importKind === 'type' || node.exportKind === 'type');
  new Visitor({
    ImportDeclaration: noteSource,
    ExportNamedDeclaration: noteSource,
    ExportAllDeclaration: noteSource,
    ImportExpression: noteSource,
    TSImportType: (node) => note(node.source, true),
    TSExternalModuleReference: (node) => note(node.expression),
    CallExpression: (/** @type {any} */ { callee, arguments: [first] }) => {
      const isRequire = callee.type === 'Identifier' && callee.name === 'require';
      const isResolve = callee.type === 'MemberExpression' && callee.object.type === 'MetaProperty';
      if (isRequire || isResolve) note(first);
    },
  }).visit(program);
  return found;
}
