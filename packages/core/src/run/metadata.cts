// What tsyringe needs of reflect-metadata, which is 3 kB in a page: metadata of classes, kept by key. Where the package
// itself is loaded first, it stays; where it comes later, it takes these for an older one of its kind and reads on.
// CommonJS, so that `tsyringe.bun.cts` can require it.

type Kept = Map<unknown, unknown>;
/** By target, property (undefined: the class itself) and key. */
const all = new WeakMap<object, Map<unknown, Kept>>();
const keptOf = (target: object, property: unknown): Kept | undefined => all.get(target)?.get(property);

function defineMetadata(key: unknown, value: unknown, target: object, property?: unknown): void {
  const ofTarget = all.get(target) ?? new Map<unknown, Kept>();
  all.set(target, ofTarget);
  ofTarget.set(property, (ofTarget.get(property) ?? new Map<unknown, unknown>()).set(key, value));
}

/** The nearest along the chain of prototypes: a class has its parent's. */
function getMetadata(key: unknown, target: object | null, property?: unknown): unknown {
  if (target === null) return undefined;
  const kept = keptOf(target, property);
  return kept?.has(key) ? kept.get(key) : getMetadata(key, Object.getPrototypeOf(target) as object | null, property);
}

if (!('getMetadata' in Reflect)) {
  Object.assign(Reflect, {
    defineMetadata,
    getMetadata,
    getOwnMetadata: (key: unknown, target: object, property?: unknown) => keptOf(target, property)?.get(key),
    // These are what the package asks of an older one of its kind.
    hasOwnMetadata: (key: unknown, target: object, property?: unknown) => keptOf(target, property)?.has(key) ?? false,
    getOwnMetadataKeys: (target: object, property?: unknown) => [...(keptOf(target, property)?.keys() ?? [])],
    deleteMetadata: (key: unknown, target: object, property?: unknown) =>
      keptOf(target, property)?.delete(key) ?? false,
  });
}
