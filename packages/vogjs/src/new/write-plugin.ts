import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { UsageError } from '../usage-error.js';
import { detectorFiles } from './detector.js';
import { metricFiles } from './metric.js';
import { monitorFiles } from './monitor.js';
import { packageFiles } from './package-files.js';
import type { PluginKind, PluginName } from './plugin-name.js';

const FILES: Readonly<Record<PluginKind, (name: PluginName) => Record<string, string>>> = {
  metric: metricFiles,
  detector: detectorFiles,
  monitor: monitorFiles,
};

/** `vogjs new`: exit code 0 when the package is written. */
export async function writePlugin(asked: {
  readonly kind: PluginKind;
  readonly name: string;
  readonly out?: string | undefined;
  readonly json: boolean;
}): Promise<number> {
  const { kind } = asked;
  const name = nameOf(asked.name);
  const folder = asked.out ?? `vogjs-${kind}-${name.kebab}`;
  const present = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new UsageError(`${folder} cannot be a new folder: ${error.message}.`);
  });
  if (present.length > 0) {
    throw new UsageError(`${folder} is there already, and is not empty. Give another --out.`);
  }
  const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };
  const files = { ...packageFiles(kind, name, version), ...FILES[kind](name) };
  for (const [path, content] of Object.entries(files)) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, content, { flag: 'wx' });
  }
  if (asked.json) {
    console.log(JSON.stringify({ folder, files: Object.keys(files) }));
    return 0;
  }
  console.log(`Wrote ${Object.keys(files).length} files to ${relative('.', folder) || folder}/`);
  console.log(`Begin in ${join(folder, 'src', `${name.kebab}.ts`)}; then: cd ${folder} && npm install && npm test`);
  if (kind === 'metric') console.log(`Use it at once: npx vogjs score DATA --plugins ${join(folder, 'src/index.ts')}`);
  return 0;
}

function nameOf(kebab: string): PluginName {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(kebab) || kebab.length > 40) {
    throw new UsageError(
      `'${kebab}' is not a name for a plugin: small letters and digits, words joined by dashes, such as near-misses.`,
    );
  }
  const camel = kebab.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  if (WORDS.has(camel)) throw new UsageError(`'${kebab}' is a word of JavaScript. Give another name.`);
  return { kebab, camel, pascal: `${camel[0]!.toUpperCase()}${camel.slice(1)}` };
}

/** Names that cannot be those of a constant in a module. */
const WORDS = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends false ' +
    'finally for function if implements import in instanceof interface let new null package private protected public return ' +
    'static super switch this throw true try typeof var void while with yield'
  ).split(' '),
);
