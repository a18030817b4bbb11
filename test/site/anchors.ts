import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/**
 * Links to places that are not there. VitePress looks for the pages alone.
 *
 * @param folder of the built site
 * @returns one line each
 */
export function checkAnchors(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.html') && !path.startsWith('try/'));
  const texts = new Map(files.map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
  const ids = new Map(
    [...texts].map(([path, text]) => [path, new Set([...text.matchAll(/ id="([^"]+)"/g)].map((m) => m[1]))]),
  );
  const broken = new Set<string>();
  for (const [path, text] of texts) {
    for (const [, href = ''] of text.matchAll(/<a\b[^>]*? href="([^"]+)"/g)) {
      if (/^[a-z]+:/.test(href) || !href.includes('#')) continue;
      const [file = '', anchor = ''] = href.replaceAll('&amp;', '&').split('#');
      const target =
        file === '' ? path : posix.join(file.startsWith('/') ? '' : posix.dirname(path), file).replace(/^\//, '');
      const known = ids.get(target) ?? ids.get(`${target}.html`) ?? ids.get(posix.join(target, 'index.html'));
      if (anchor !== '' && known?.has(decodeURIComponent(anchor)) !== true) broken.add(`${path}: no place for ${href}`);
    }
  }
  return [...broken];
}
