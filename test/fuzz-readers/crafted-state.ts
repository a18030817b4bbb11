// Saved states that somebody made: sound files with right checksums, and contents that nobody saved.
import { checksumOf, readSafetensors, type SafetensorsInput, writeSafetensors } from '@vogjs/formats';
import { type SeededRandom } from '@vogjs/base';
import { mutateJson } from './json.js';
import { type Mutant, pick } from './mutations.js';

const TYPES = [Float32Array, Float64Array, Int32Array, Uint8Array, Int8Array, Uint16Array] as const;

/**
 * A state with its header or its tensors changed, and a checksum that fits again.
 *
 * @param key of the header in the file's metadata
 */
export function craftState(sound: Uint8Array, key: string, random: SeededRandom): Mutant {
  const { tensors: given, metadata } = readSafetensors(sound);
  const { checksum: _checksum, ...rest } = JSON.parse(metadata[key]!) as Record<string, unknown>;
  let header: unknown = rest;
  const tensors: Record<string, SafetensorsInput> = { ...given };
  const recipe: string[] = [];
  const rounds = 1 + random.integer(3);
  for (let round = 0; round < rounds; round++) {
    if (random.integer(3) > 0) {
      const [changed, what] = mutateJson(header, random);
      header = changed;
      recipe.push(`header ${what}`);
    } else recipe.push(changeTensors(tensors, random));
  }
  let text: string;
  try {
    const checksum = checksumOf(header as object, tensors);
    const isObject = typeof header === 'object' && header !== null && !Array.isArray(header);
    text = JSON.stringify(isObject ? { ...(header as object), checksum } : header);
    if (random.integer(50) === 0 && isObject) {
      // JSON all the same, and deeper than JSON.stringify can go.
      const levels = pick(random, [100, 20_000]);
      text = `${text.slice(0, -1)},"deep":${'['.repeat(levels)}${']'.repeat(levels)}}`;
      recipe.push(`${levels} closed brackets`);
    }
  } catch {
    text = `{"version":1,"checksum":"","extra":${'['.repeat(20_000)}`;
    recipe.push('too deep for JSON.stringify: 20,000 brackets');
  }
  return { bytes: writeSafetensors(tensors, { [key]: text }), recipe };
}

function changeTensors(tensors: Record<string, SafetensorsInput>, random: SeededRandom): string {
  const names = Object.keys(tensors);
  const name = names.length === 0 ? 'none' : pick(random, names);
  const { data, shape } = tensors[name] ?? { data: new Float32Array(1), shape: [1] };
  switch (random.integer(6)) {
    case 0:
      delete tensors[name];
      return `without tensor ${name}`;
    case 1: {
      const other = pick(random, [`${name}|x`, 'x', '', '|||', '__proto__', 'vog|complete|99|mean', name.slice(0, -1)]);
      Object.defineProperty(tensors, other, {
        value: { data, shape },
        enumerable: true,
        configurable: true,
        writable: true,
      });
      return `tensor ${name} again as ${JSON.stringify(other)}`;
    }
    case 2: {
      const wide = new BigInt64Array(data.length);
      tensors[name] = { data: wide, shape };
      return `tensor ${name} as I64`;
    }
    case 3: {
      const Type = pick(random, TYPES);
      tensors[name] = { data: new Type(data.length), shape };
      return `tensor ${name} as ${Type.name}`;
    }
    case 4: {
      const other = pick(random, [[data.length], [1, ...shape], [data.length, 1], [...shape].reverse()]);
      tensors[name] = { data, shape: other };
      return `tensor ${name} as [${other.join()}]`;
    }
    default: {
      const length = pick(random, [0, 1, 3, 1000]);
      tensors[name] = {
        data: new Float32Array(length).fill(pick(random, [0, NaN, Infinity, -1, 1e30])),
        shape: [length],
      };
      return `tensor ${name} of ${length} other numbers`;
    }
  }
}
