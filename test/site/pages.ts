import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

/** Files outside of docs/ that are pages too. */
const OTHERS = { 'README.md': 'start.md', 'CONTRIBUTING.md': 'contributing.md', 'CHANGELOG.md': 'changelog.md' };

/**
 * Copies what people read into the site: docs/ as it is, the README as its first page. Links to pages follow; a link to a
 * file that is no page becomes plain text, since the site has no copy of the repository.
 */
export function writePages(root: string, site: string, target: string): void {
  const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((path) =>
    path.replaceAll('\\', '/'),
  );
  const pages = new Map(docs.filter((path) => path.endsWith('.md')).map((path) => [`docs/${path}`, path]));
  // The site has a landing page of its own; the list of all pages goes elsewhere.
  pages.set('docs/index.md', 'pages.md');
  for (const [path, page] of Object.entries(OTHERS)) pages.set(path, page);
  for (const [path, page] of pages) {
    const text = readFileSync(join(root, path), 'utf8');
    write(join(target, page), relinked(text, path, page, pages));
  }
  for (const path of docs.filter((name) => /\.(png|svg)$/.test(name))) {
    cpSync(join(root, 'docs', path), join(target, path));
  }
  for (const name of ['benchmarks.html', 'benchmarks.json']) {
    cpSync(join(root, 'docs', name), join(target, 'public/figures', name));
  }
  const landing = readFileSync(join(site, 'landing.md'), 'utf8');
  write(join(target, 'index.md'), relinked(landing, 'site/landing.md', 'index.md', pages));
}

/**
 * A page's text with links for where it will lie.
 *
 * @param path of the source, below the repository
 * @param page of the copy, below the site
 * @param pages what becomes which page
 */
export function relinked(text: string, path: string, page: string, pages: ReadonlyMap<string, string>): string {
  // Every second part is a block of code.
  return text
    .split(/(^[ \t]*```[^]*?^[ \t]*```[ \t]*$)/m)
    .map((part, i) => (i % 2 === 1 ? part : part.replaceAll(/(!?)\[((?:[^\]`]|`[^`]*`)*)\]\(([^()\s]+)\)/g, link)))
    .join('');

  function link(whole: string, bang: string, label: string, to: string): string {
    if (/^[a-z]+:|^#/.test(to)) return whole;
    const [file = '', anchor] = to.split('#');
    const source = posix.normalize(posix.join(posix.dirname(path), file));
    const target = pages.get(source);
    const hash = anchor === undefined ? '' : `#${anchor}`;
    if (target !== undefined) {
      const relative = posix.relative(posix.dirname(page), target);
      return `${bang}[${label}](${relative.startsWith('.') ? relative : `./${relative}`}${hash})`;
    }
    if (source.startsWith('docs/') && /\.(png|svg)$/.test(source)) {
      return `${bang}[${label}](./${posix.relative(posix.dirname(page), source.slice('docs/'.length))})`;
    }
    // A page of its own, not one of VitePress: its name is that of a page.
    if (source.startsWith('docs/benchmarks.')) {
      const figures = posix.relative(posix.dirname(page), `figures/${posix.basename(source)}`);
      return `<a href="./${figures}" target="_self">${label}</a>`;
    }
    return label;
  }
}

export function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
