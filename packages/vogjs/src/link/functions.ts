import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HEADER = 'vogjs_functions.h';
const SOURCE = fileURLToPath(new URL('../../assets/functions.h', import.meta.url));

/** Where the add-on's sources take the addition: each place is there exactly once, in tfjs-node 4.22. */
const PLACES = [
  {
    file: 'tfjs_backend.h',
    before: '  // Get number of loaded SavedModel in the backend:',
    add: '  TFE_Context *context() const { return tfe_context_; }\n  int32_t num_functions = 0;\n\n',
  },
  {
    file: 'tfjs_binding.cc',
    before: 'namespace tfnodejs {\n',
    add: '#include "tf_auto_status.h"\n\n',
  },
  {
    file: 'tfjs_binding.cc',
    before: '/**\n * Called by Node to cleanup our instance data',
    add: `}  // namespace tfnodejs\n#include "${HEADER}"\nnamespace tfnodejs {\n\n`,
  },
  {
    file: 'tfjs_binding.cc',
    before: '      {"createTensor", nullptr, CreateTensor,',
    add: ['createFunction', 'deleteFunction', 'getNumOfFunctions']
      .map((name) => {
        const function_ = name[0]!.toUpperCase() + name.slice(1);
        return `      {"${name}", nullptr, ${function_}, nullptr, nullptr, nullptr, napi_default, nullptr},\n`;
      })
      .join(''),
  },
] as const;

/**
 * Adds `createFunction` and `deleteFunction` to a copy of the add-on's sources, so that recorded passes need not move
 * their inputs through the host. Sources that look otherwise than those of tfjs-node 4.22 stay as they are.
 *
 * @param binding the folder of the copy
 * @returns whether the addition was made
 */
export async function addFunctions(binding: string): Promise<boolean> {
  const texts = new Map<string, string>();
  for (const { file, before, add } of PLACES) {
    const text = texts.get(file) ?? (await readFile(join(binding, file), 'utf8').catch(() => ''));
    const [head, ...rest] = text.split(before);
    if (head === undefined || rest.length !== 1) return false;
    texts.set(file, `${head}${add}${before}${rest[0]}`);
  }
  for (const [file, text] of texts) await writeFile(join(binding, file), text);
  await copyFile(SOURCE, join(binding, HEADER));
  return true;
}
