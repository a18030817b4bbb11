import { type ErrorOrigin, type ErrorCode, record, VogError } from '@vogjs/base';

/**
 * Refuses what is no record of resources.
 *
 * @throws VogError with the code, ARGUMENT_INVALID unless told
 */
export function checkRequirements(
  where: string,
  requires: unknown,
  code: ErrorCode = 'ARGUMENT_INVALID',
  origin: ErrorOrigin = {},
): void {
  if (!record.holds(requires)) {
    throw new VogError(code, `${where}: requires must be a record of resources, such as { loss }.`, origin);
  }
  for (const [key, resource] of Object.entries(
    requires as Record<string, { readonly key?: unknown; readonly compute?: unknown } | null>,
  )) {
    if (typeof resource?.key === 'string' && typeof resource.compute === 'function') continue;
    throw new VogError(
      code,
      `${where}: requires.${key} is not a resource. Import one (loss, logits, inputGradient(), …) or make it with defineResource.`,
      origin,
    );
  }
}

/** Whether any of `requires`, or what that requires in turn, has this key. */
export function reaches(requires: WithKeys, key: string): boolean {
  return Object.values(requires).some((resource) => resource.key === key || reaches(resource.requires, key));
}

/** `Requirements`, as far as keys go. */
interface WithKeys {
  readonly [name: string]: { readonly key: string; readonly requires: WithKeys };
}
