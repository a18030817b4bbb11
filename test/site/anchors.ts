import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/**
 * Links to files and to places in them that are not there: VitePress looks for pages alone.
 *
 * @param folder of the built site
 * @param base where the site lies on its host, with a slash at both ends
 * @returns one line each
 */
export function checkLinks(folder: string, base = '/'): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => path.replaceAll('\\', '/'));
  const present = new Set(files);
  const pages = files.filter((path) => path.endsWith('.html') && !/^(?:try|figures)\//.test(path));
  const texts = new Map(pages.map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
  const ids = new Map(
    [...texts].map(([path, text]) => [path, new Set([...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))]),
  );
  const broken = new Set<string>();
  for (const [path, text] of texts) {
    for (const [, href = ''] of text.matchAll(/<a\b[^>]*? href="([^"]+)"/g)) {
      if (/^[a-z]+:/.test(href)) continue;
      const [file = '', anchor = ''] = decodeURI(href.replaceAll('&amp;', '&')).split('#');
      const isOutside = file.startsWith('/') && !file.startsWith(base);
      const asked = file.startsWith('/') ? file.slice(base.length) : posix.join(posix.dirname(path), file);
      const target =
        file === '' ? path : asked === '' || asked.endsWith('/') ? `${asked}index.html` : posix.normalize(asked);
      if (isOutside || !present.has(target)) broken.add(`${path}: no file for ${href}`);
      else if (anchor !== '' && ids.get(target)?.has(decodeURIComponent(anchor)) !== true) {
        broken.add(`${path}: no place for ${href}`);
      }
    }
  }
  return [...broken];
}
