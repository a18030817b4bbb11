// What options are declared to be, read off the words of their declaration.
import { anything, type Member, only, type Shape, union } from './shape.js';

// oxlint-disable-next-line typescript/no-explicit-any
type Node = any;
/** What a constant is made by, by its name. */
type Constants = (name: string) => Node;

/** The options of a `declareOptions`, read off its words: `typeof x.entries`, or `typeof x` of entries alone. */
export function declaredShape(query: Node, constants: Constants, shapeOf: (type: Node) => Shape): Shape {
  const { left, name } = query.exprName;
  const entries = left === undefined ? constants(name) : constants(left.name)?.arguments?.[1];
  return { ...only('object'), members: new Map(entriesOf(entries, constants, shapeOf)) };
}

function entriesOf(entries: Node, constants: Constants, shapeOf: (type: Node) => Shape): [string, Member][] {
  if (entries?.type === 'Identifier') {
    const { name } = entries;
    return entriesOf(constants(name), constants, shapeOf);
  }
  return (entries?.properties ?? []).flatMap((node: Node): [string, Member][] => {
    if (node.type === 'SpreadElement') return entriesOf(node.argument, constants, shapeOf);
    const { name } = node.key;
    return [[name, { name, ...optionOf(node.value, constants, shapeOf) }]];
  });
}

/** What one entry takes: `integer(1).default(1).about('…')`. */
function optionOf(node: Node, constants: Constants, shapeOf: (type: Node) => Shape): Omit<Member, 'name'> {
  if (node.type === 'Identifier') {
    const value = constants(node.name);
    return value ? optionOf(value, constants, shapeOf) : { optional: true, shape: anything };
  }
  if (node.type !== 'CallExpression') return { optional: true, shape: anything };
  const { callee, arguments: given } = node;
  if (callee.type === 'MemberExpression') {
    const { optional, shape } = optionOf(callee.object, constants, shapeOf);
    return { optional: callee.property.name === 'required' ? false : optional, shape };
  }
  const values = given.map((each: Node) => each.value);
  const words: Record<string, () => Shape> = {
    oneOf: () => (typeof values[0] === 'number' ? only('number') : { ...only('string'), choices: values }),
    flag: () => only('boolean'),
    text: () => only('string'),
    layerName: () => only('string'),
    callable: () => only('function'),
    listOf: () => only('array'),
    anyOf: () => given.map((each: Node) => optionOf(each, constants, shapeOf).shape).reduce(union),
    fits: () => (node.typeArguments ? shapeOf(node.typeArguments.params[0]) : anything),
  };
  const isNumber = ['integer', 'finite', 'positive', 'atLeast', 'between', 'share', 'positiveShare'].includes(
    callee.name,
  );
  return { optional: true, shape: isNumber ? only('number') : (words[callee.name]?.() ?? anything) };
}
