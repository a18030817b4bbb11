import { VogError } from '@vogjs/base';
import type { Resource, ResourceValue } from './resource.js';

type AnyResource = Resource<ResourceValue>;

/**
 * Refuses two resources that would be taken for one another and are not the same: whoever required the second would get
 * the numbers of the first.
 *
 * @throws VogError RESOURCE_DUPLICATE
 */
export function refuseAnother(first: AnyResource, second: AnyResource): void {
  if (first === second || isSame(first, second)) return;
  const { name, key } = second;
  const which = key === name ? `'${name}'` : `'${name}' with equal parameters, ${key.slice(name.length)}`;
  throw new VogError(
    'RESOURCE_DUPLICATE',
    `Two different resources are named ${which}, and one pass can hold only one of them. Give yours a name of its own, ` +
      `such as 'my-package/${name}', or tell its variants apart by parameters.`,
    { plugin: { kind: 'resource', name } },
  );
}

/**
 * Whether two resources of one key are of one definition: what computes them is one function, or the same code, as when
 * a function that calls `defineResource` was called twice; and all that they require is the same in turn.
 */
function isSame(first: AnyResource, second: AnyResource): boolean {
  const [a, b] = [first.definition ?? first.compute, second.definition ?? second.compute];
  const isOneCode = a === b || (typeof a === 'function' && typeof b === 'function' && String(a) === String(b));
  const [mine, others] = [Object.entries(first.requires), second.requires];
  return (
    isOneCode &&
    mine.length === Object.keys(others).length &&
    mine.every(([name, resource]) => {
      const other = others[name];
      return other !== undefined && (resource === other || (resource.key === other.key && isSame(resource, other)));
    })
  );
}
