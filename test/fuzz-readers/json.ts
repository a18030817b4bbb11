// Mutations of JSON that stay JSON: what a checksum or a length can be made to fit again.
import type { SeededRandom } from '@vogjs/base';
import { HOSTILE_TEXTS, pick } from './mutations.js';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

function hostile(random: SeededRandom): Json {
  const makers: readonly (() => Json)[] = [
    () => null,
    () => pick(random, [true, false]),
    () => pick(random, [0, -0, 1, -1, -4, 0.5, 1e308, -1e308, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 53 + 2, 5e-324]),
    () => random.integer(1000),
    () => pick(random, HOSTILE_TEXTS),
    () => 'x'.repeat(pick(random, [1, 100, 100_000])),
    () => [],
    () => ({}),
    () => JSON.parse('{"__proto__":{"polluted":1},"length":1e9}') as Json,
    () => deep(pick(random, [20, 200, 800])),
    () => Array.from({ length: pick(random, [1, 3, 10_000]) }, () => 1),
  ];
  return pick(random, makers)();
}

function deep(levels: number): Json {
  let value: Json = 1;
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

/** All places in a value, as the containers and keys that lead to them; not those at the bottom of a deep nest. */
function placesOf(
  value: Json,
  levels = 30,
): { readonly holder: Json[] | { [key: string]: Json }; readonly key: string }[] {
  if (typeof value !== 'object' || value === null || levels === 0) return [];
  const holder = value;
  return Object.entries(value).flatMap(([key, inner]) => [{ holder, key }, ...placesOf(inner, levels - 1)]);
}

/** The value with one place changed; `what` says which. The value given is not touched. */
export function mutateJson(given: unknown, random: SeededRandom): readonly [unknown, string] {
  const value = structuredClone(given) as Json;
  const places = placesOf(value);
  if (places.length === 0) return [hostile(random), 'another value for all of it'];
  const { holder, key } = pick(random, places);
  const set = (at: string, to: Json): void =>
    void Object.defineProperty(holder, at, { value: to, enumerable: true, writable: true, configurable: true });
  const current = (holder as Record<string, Json>)[key]!;
  switch (random.integer(6)) {
    case 0:
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else delete holder[key];
      return [value, `without ${key}`];
    case 1: {
      if (Array.isArray(holder)) holder.push(hostile(random));
      else set(pick(random, ['__proto__', 'constructor', 'extra', '', 'length']), hostile(random));
      return [value, `one more beside ${key}`];
    }
    case 2:
      if (typeof current === 'number') {
        set(key, pick(random, [current + 1, -current, current / 2, current * 1e6, Math.round(current) + 0.5]));
        return [value, `${key}: another number`];
      }
  }
  const changed = hostile(random);
  set(key, changed);
  return [value, `${key}: ${shortly(changed)}`];
}

function shortly(value: Json): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40));
  if (typeof value !== 'object' || value === null) return String(value);
  return Array.isArray(value) ? `a list of ${value.length}` : `an object of ${Object.keys(value).join(', ')}`;
}
