import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import process from 'node:process';
import { write } from './pages.js';

/** A page of every command's help text, as the command prints it. */
export function writeCommands(root: string, pages: string): void {
  const help = (...args: readonly string[]): string => {
    const entry = ['scripts/ts.mjs', 'packages/vogjs/src/main.ts'].map((path) => join(root, path));
    const { status, stdout, stderr } = spawnSync(process.execPath, [...entry, ...args, '--help'], {
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1' },
    });
    if (status !== 0) throw new Error(`vogjs ${args.join(' ')} --help ended with ${status}: ${stderr}`);
    return stdout.trim();
  };
  const all = help();
  const names = [...all.matchAll(/^ {2}(?:vogjs )?([a-z][a-z-]+)(?: \S+)* {2,}\S/gm)].map(([, name = '']) => name);
  if (names.length < 13) throw new Error(`vogjs --help names ${names.length} commands`);
  const blocks = [...new Set(names)].map((name) => `## vogjs ${name}\n\n\`\`\`text\n${help(name)}\n\`\`\`\n`);
  write(join(pages, 'reference/commands.md'), `# Commands\n\n\`\`\`text\n${all}\n\`\`\`\n\n${blocks.join('\n')}`);
}

interface Manifest {
  readonly private?: boolean;
  readonly exports: Readonly<Record<string, { readonly '@vogjs/source'?: string }>>;
}

/** Pages of every exported name, from its docstring. */
export function writeApi(root: string, site: string, pages: string): void {
  // A file of one line for each way into a package gives the page its name.
  const doors = join(site, 'doors');
  rmSync(doors, { recursive: true, force: true });
  const entryPoints = readdirSync(join(root, 'packages')).flatMap((name) => {
    const manifest = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')) as Manifest;
    const { private: isPrivate, exports } = manifest;
    if (isPrivate === true) return [];
    return Object.entries(exports)
      .filter(([path, target]) => !path.includes('internals') && /\.tsx?$/.test(target['@vogjs/source'] ?? ''))
      .map(([path, target]) => {
        const door = join(doors, path === '.' ? `${name}.ts` : `${name}/${path.slice('./'.length)}.ts`);
        const source = relative(dirname(door), join(root, 'packages', name, target['@vogjs/source']!));
        write(door, `export * from '${source.replaceAll('\\', '/').replace(/\.tsx?$/, '.js')}';\n`);
        return door;
      });
  });
  const options = {
    entryPoints,
    basePath: doors,
    name: 'API',
    tsconfig: join(site, 'tsconfig.json'),
    plugin: ['typedoc-plugin-markdown'],
    out: join(pages, 'reference/api'),
    outputFileStrategy: 'modules',
    readme: 'none',
    githubPages: false,
    disableSources: true,
    excludeInternal: true,
    skipErrorChecking: true,
    hideBreadcrumbs: true,
    hidePageHeader: true,
    entryFileName: 'index',
    parametersFormat: 'table',
    // The slugs of VitePress are other ones.
    useHTMLAnchors: true,
    logLevel: 'Error',
  };
  const file = join(pages, '..', '.typedoc.json');
  write(file, JSON.stringify(options));
  const { status } = spawnSync(process.execPath, [join(site, 'node_modules/typedoc/bin/typedoc'), '--options', file], {
    cwd: site,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error(`typedoc ended with ${status}`);
}
