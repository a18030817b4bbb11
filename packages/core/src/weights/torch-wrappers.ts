/** What PyTorch calls a network inside another module: spread over devices, averaged, compiled. */
const WRAPPERS = new Set(['module', '_orig_mod', '_fsdp_wrapped_module', '_checkpoint_wrapped_module']);

/**
 * Finds a tensor of a network that was saved from inside a wrapper: DataParallel and averaged models put `module.` in
 * front of every name, torch.compile `_orig_mod.`, also behind the module that was compiled.
 *
 * @returns the tensor's own name, by the name it has without wrappers; none for what has no wrapper, nor for a name that
 *   two tensors would share
 */
export function unwrappedNames(names: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const shared = new Set<string>();
  for (const name of names) {
    const plain = name
      .split('.')
      .filter((part) => !WRAPPERS.has(part))
      .join('.');
    if (found.has(plain)) shared.add(plain);
    found.set(plain, name);
  }
  return new Map([...found].filter(([plain, name]) => plain !== name && !shared.has(plain)));
}
