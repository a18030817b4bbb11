// What the public functions take, read off their declarations: so that an option which is added tomorrow is tried too.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rowsOf } from '@vogjs/base/options';
import { parseSync, Visitor } from 'oxc-parser';
import { declaredShape } from './declared.js';
import { anything, type Member, only, type Shape, union } from './shape.js';

export interface Signature {
  readonly name: string;
  readonly parameters: readonly Member[];
}

// oxc's nodes are plain ESTree with TypeScript's extensions; only a few fields are read.
// oxlint-disable-next-line typescript/no-explicit-any
type Node = any;

const root = fileURLToPath(new URL('../..', import.meta.url));
const interfaces = new Map<string, Node>();
const aliases = new Map<string, Node>();
const functions = new Map<string, Node>();
const classes = new Map<string, Node>();
/** Exported constants. */
const shared = new Map<string, Node>();
/** `InputOf<typeof x.entries>`, with the constants of its file, where x is declared. */
const declarations = new Map<Node, ReadonlyMap<string, Node>>();

const sources = readdirSync(join(root, 'packages')).flatMap((name) => {
  const folder = join(root, 'packages', name, 'src');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file));
});
for (const file of sources) {
  if (!file.endsWith('.ts') || /\.test\.|fixtures/.test(file)) continue;
  const { program } = parseSync(file, readFileSync(file, 'utf8'));
  const constants = new Map<string, Node>();
  new Visitor({
    VariableDeclarator: (node: Node) => void (node.id.type === 'Identifier' && constants.set(node.id.name, node.init)),
    TSTypeReference: (node: Node) => void (node.typeName.name === 'InputOf' && declarations.set(node, constants)),
    TSInterfaceDeclaration: (node: Node) => void interfaces.set(node.id.name, node),
    TSTypeAliasDeclaration: (node: Node) => void aliases.set(node.id.name, node),
    ClassDeclaration: (node: Node) => void (node.id && classes.set(node.id.name, node)),
    // A name that two files use stands for the exported one.
    ExportNamedDeclaration: ({ declaration }: Node) => {
      if (declaration?.type === 'FunctionDeclaration' || declaration?.type === 'TSDeclareFunction')
        functions.set(declaration.id.name, declaration);
      for (const { id, init } of declaration?.declarations ?? []) shared.set(id.name, init);
    },
  }).visit(program);
}

/** The parameters of an exported function; of a plugin's factory its options, as its definition tells them. */
export function signatureOf(name: string, fn?: unknown): Signature | undefined {
  const node = functions.get(name);
  if (node !== undefined) return { name, parameters: parametersOf(node) };
  const { definition } = (fn ?? {}) as { definition?: { options: Parameters<typeof rowsOf>[0] } };
  if (definition === undefined) return undefined;
  const rows = rowsOf(definition.options);
  const members = rows.map((row): [string, Member] => [
    row.name,
    { name: row.name, optional: row.default !== 'required', shape: shapeOfWords(row.type) },
  ]);
  const optional = rows.every((row) => row.default !== 'required');
  return { name, parameters: [{ name: 'options', optional, shape: { ...only('object'), members: new Map(members) } }] };
}

/** What the words of an option's row in the docs allow: they are held to what is refused. */
function shapeOfWords(words: string): Shape {
  const parts = words.split(', or ').map((part): Shape => {
    const choices = [...part.matchAll(/'([^']+)'/g)].map(([, choice = '']) => choice);
    if (choices.length > 0) return { ...only('string'), choices };
    if (/number|^\d+ or \d+$/.test(part)) return only('number');
    if (part.startsWith('true or false')) return only('boolean');
    if (/^an? \w*[aA]rray/.test(part)) return only('array');
    if (part.startsWith('a function')) return only('function');
    if (/^(a string|the name|a name)/.test(part)) return only('string');
    throw new Error(`what kind of value is "${part}"?`);
  });
  return parts.reduce(union);
}

/** The public methods of a class or of an interface whose members are functions. */
export function methodsOf(type: string): Signature[] {
  const ofClass = (classes.get(type)?.body.body ?? [])
    .filter((node: Node) => node.type === 'MethodDefinition' && node.kind === 'method' && !node.static)
    .filter((node: Node) => node.accessibility !== 'private' && node.accessibility !== 'protected')
    .map((node: Node): Signature => ({ name: node.key.name, parameters: parametersOf(node.value) }));
  const ofInterface = (interfaces.get(type)?.body.body ?? [])
    .filter((node: Node) => node.type === 'TSMethodSignature')
    .map((node: Node): Signature => ({ name: node.key.name, parameters: parametersOf(node) }));
  return [...ofClass, ...ofInterface];
}

function parametersOf(node: Node): Member[] {
  const generics = genericsOf(node);
  return node.params.map((parameter: Node): Member => {
    const isRest = parameter.type === 'RestElement';
    const pattern = parameter.type === 'AssignmentPattern' ? parameter.left : isRest ? parameter.argument : parameter;
    const annotation = (isRest ? parameter : pattern).typeAnnotation?.typeAnnotation;
    const shape = annotation
      ? shapeOf(isRest ? (annotation.elementType ?? annotation) : annotation, generics)
      : anything;
    return {
      name: pattern.name ?? 'options',
      optional: parameter.type === 'AssignmentPattern' || pattern.optional === true || isRest,
      shape,
    };
  });
}

const KEYWORDS: Record<string, Shape> = {
  TSNumberKeyword: only('number'),
  TSStringKeyword: only('string'),
  TSBooleanKeyword: only('boolean'),
  TSBigIntKeyword: only('bigint'),
  TSNullKeyword: only('null'),
  TSUndefinedKeyword: only('undefined'),
  TSFunctionType: only('function'),
  TSArrayType: only('array'),
  TSTupleType: only('array'),
};

/** What a type parameter stands for: its constraint. */
function genericsOf(node: Node): Map<string, Node> {
  const parameters: Node[] = node.typeParameters?.params ?? [];
  return new Map(parameters.map((each) => [each.name.name ?? each.name, each.constraint ?? null]));
}

function shapeOf(type: Node, generics: Map<string, Node>): Shape {
  const keyword = KEYWORDS[type.type];
  if (keyword) return keyword;
  switch (type.type) {
    case 'TSLiteralType': {
      const { value } = type.literal;
      if (typeof value === 'string') return { ...only('string'), choices: [value] };
      return only(typeof value === 'number' ? 'number' : typeof value === 'boolean' ? 'boolean' : 'null');
    }
    case 'TSUnionType':
      return type.types.map((each: Node) => shapeOf(each, generics)).reduce(union);
    case 'TSIntersectionType': {
      const parts: Shape[] = type.types.map((each: Node) => shapeOf(each, generics));
      const members = new Map(parts.flatMap((part) => [...(part.members ?? [])]));
      return { ...only('object'), members };
    }
    case 'TSTypeOperator':
      return type.operator === 'keyof' ? only('string') : shapeOf(type.typeAnnotation, generics);
    case 'TSIndexedAccessType': {
      const { members } = shapeOf(type.objectType, generics);
      const [key = ''] = shapeOf(type.indexType, generics).choices;
      return members?.get(key)?.shape ?? anything;
    }
    case 'TSParenthesizedType':
      return shapeOf(type.typeAnnotation, generics);
    case 'TSTypeLiteral':
      return { ...only('object'), members: membersOf(type.members, generics) };
    case 'TSTypeReference':
      return reference(type, generics);
    default:
      return anything;
  }
}

const ARRAYS = /^(Readonly)?Array$|^ArrayLike$|^(Int|Uint|Float|BigInt)\w*Array$|^Iterable$/;

function reference(type: Node, generics: Map<string, Node>): Shape {
  const name: string = type.typeName.name ?? type.typeName.right?.name ?? '';
  const [argument, keys] = type.typeArguments?.params ?? [];
  const constants = declarations.get(type);
  if (constants !== undefined) {
    const made = (called: string): Node => constants.get(called) ?? shared.get(called);
    return declaredShape(argument, made, (each) => shapeOf(each, generics));
  }
  const constraint = generics.get(name);
  if (generics.has(name)) return constraint ? shapeOf(constraint, new Map()) : anything;
  if (ARRAYS.test(name)) return only('array');
  if (name === 'Promise') return only('promise');
  if (['NoInfer', 'Readonly', 'Required', 'Exclude', 'NonNullable'].includes(name)) return shapeOf(argument, generics);
  if (name === 'Partial') {
    const { members } = shapeOf(argument, generics);
    return {
      ...only('object'),
      members: members && new Map([...members].map(([k, m]) => [k, { ...m, optional: true }])),
    };
  }
  if (name === 'Omit' || name === 'Pick') {
    const { members } = shapeOf(argument, generics);
    const named = new Set(shapeOf(keys, generics).choices);
    return {
      ...only('object'),
      members: members && new Map([...members].filter(([key]) => named.has(key) === (name === 'Pick'))),
    };
  }
  const alias = aliases.get(name);
  if (alias) return shapeOf(alias.typeAnnotation, new Map([...genericsOf(alias), ['', null]]));
  const declared = interfaces.get(name);
  if (declared) {
    const isCallable = declared.body.body.some((node: Node) => node.type === 'TSCallSignatureDeclaration');
    return isCallable ? only('function') : { ...only('object'), members: interfaceMembers(declared) };
  }
  return only('object');
}

function interfaceMembers(node: Node): Map<string, Member> | null {
  const generics = genericsOf(node);
  const inherited = (node.extends ?? []).flatMap((each: Node) => {
    const type = { typeName: each.expression, typeArguments: each.typeArguments };
    return [...(reference(type, generics).members ?? [])];
  });
  const own = membersOf(node.body.body, generics);
  return own === null ? null : new Map([...inherited, ...own]);
}

/** Null when it is an object with methods or an index: no options that a person writes down. */
function membersOf(nodes: readonly Node[], generics: Map<string, Node>): Map<string, Member> | null {
  const properties = nodes.filter((node) => node.type === 'TSPropertySignature' && node.key.name !== undefined);
  if (properties.length < nodes.length) return null;
  return new Map(
    properties.map((node) => [
      node.key.name,
      {
        name: node.key.name,
        optional: node.optional === true,
        shape: node.typeAnnotation ? shapeOf(node.typeAnnotation.typeAnnotation, generics) : anything,
      },
    ]),
  );
}
