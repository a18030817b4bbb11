import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { type SelectedBackend, selectBackend } from '@vogjs/core/node';
import type { CommonOptions } from './command.js';

/** Activates the backend asked for and says, in one line, on what the numbers were made. */
export async function startRun({ backend, seed }: CommonOptions): Promise<SelectedBackend> {
  const selected = await selectBackend(backend);
  console.log(`backend ${selected.backend} (${selected.version}), Node ${process.version}, seed ${seed}\n`);
  return selected;
}

/** Writes files into the folder that was asked for; nothing where none was. */
export async function writeResults(
  { out }: Pick<CommonOptions, 'out'>,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  if (out === null) return;
  await mkdir(out, { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFile(join(out, name), content);
  console.log(`\nwrote ${Object.keys(files).join(', ')}`);
}
