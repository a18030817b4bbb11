/** A program in WebAssembly, from a package beside this one: read from the disk in Node; a page fetches it by itself. */
export async function compiled(file: string): Promise<WebAssembly.Module | undefined> {
  const load = globalThis.process?.getBuiltinModule;
  const modules = load?.('node:module');
  const files = load?.('node:fs/promises');
  if (modules === undefined || files === undefined) return undefined;
  return WebAssembly.compile(await files.readFile(modules.createRequire(import.meta.url).resolve(file)));
}
