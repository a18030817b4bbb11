import { access } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Run } from '@vogjs/run';

/**
 * The address of each example's file, from the folder that the page lies in; undefined where the files are not to be found
 * from here.
 *
 * @param page path of the page, or undefined where it is written nowhere
 */
export async function linksOf(
  run: Run,
  paths: readonly string[] | null,
  page: string | undefined,
): Promise<readonly string[] | undefined> {
  const { kind, source } = run.manifest.data;
  const [first] = paths ?? [];
  if (page === undefined || kind !== 'images' || source === null || first === undefined) return undefined;
  const isThere = await access(join(source, first)).then(
    () => true,
    () => false,
  );
  if (!isThere) return undefined;
  const between = relative(dirname(resolve(page)), resolve(source));
  // On another drive there is no way from here to there.
  const base = isAbsolute(between)
    ? pathToFileURL(between).href
    : `./${between.split(sep).map(encodeURIComponent).join('/')}`;
  return paths!.map((path) => `${base}/${path.split('/').map(encodeURIComponent).join('/')}`);
}
