import type { PluginKind, PluginName } from './plugin-name.js';

/** What is the same in every package of a plugin: manifest, compiler, door and README. */
export function packageFiles(kind: PluginKind, name: PluginName, version: string): Record<string, string> {
  const packages = ['@vogjs/core', ...(kind === 'detector' ? ['@vogjs/ood'] : [])];
  const peers = Object.fromEntries([['@tensorflow/tfjs', '^4.22.0'], ...packages.map((each) => [each, `^${version}`])]);
  const manifest = {
    name: `vogjs-${kind}-${name.kebab}`,
    version: '0.1.0',
    description: `A ${kind} for VoG.js.`,
    keywords: ['vogjs', `vogjs-${kind}`],
    type: 'module',
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
    files: ['dist', '!dist/*.test.*'],
    scripts: { build: 'tsc', test: 'tsc && node --test dist/*.test.js' },
    peerDependencies: peers,
    devDependencies: { ...peers, '@types/node': '^20.19.0', typescript: '^5.9.0' },
    engines: { node: '>=20.19' },
  };
  const compiler = {
    compilerOptions: {
      target: 'es2022',
      module: 'nodenext',
      strict: true,
      declaration: true,
      skipLibCheck: true,
      rootDir: 'src',
      outDir: 'dist',
      types: ['node'],
    },
    include: ['src'],
  };
  return {
    'package.json': `${JSON.stringify(manifest, null, 2)}\n`,
    'tsconfig.json': `${JSON.stringify(compiler, null, 2)}\n`,
    '.gitignore': 'dist/\nnode_modules/\n',
    'src/index.ts': `export { ${name.camel}, type ${name.pascal}Options } from './${name.kebab}.js';\n`,
    'README.md': readme(kind, name),
  };
}

const USES: Readonly<Record<PluginKind, (name: PluginName) => string>> = {
  metric: ({ camel, kebab }) => `import { trackDifficulty } from 'vogjs';
import { ${camel} } from 'vogjs-metric-${kebab}';

const difficulty = trackDifficulty({ inputs, labels, metrics: [${camel}()] });
await model.fit(xs, ys, { epochs: 5, callbacks: [difficulty] });
console.table((await difficulty.scores('${kebab}')).hardest(20));`,
  detector: ({ camel, kebab }) => `import { scoreOod } from '@vogjs/ood';
import { ${camel} } from 'vogjs-detector-${kebab}';

const scores = await scoreOod(model, { inputs }, [${camel}()]);
console.log(scores['${kebab}'].values);`,
  monitor: ({ camel, kebab }) => `import { trackDifficulty } from 'vogjs';
import { ${camel} } from 'vogjs-monitor-${kebab}';

const difficulty = trackDifficulty({ inputs, labels, monitors: [${camel}({ inputs: validation })] });
await model.fit(xs, ys, { epochs: 5, callbacks: [difficulty] });`,
};

function readme(kind: PluginKind, name: PluginName): string {
  const command =
    kind === 'metric'
      ? `\nOn the command line, without a build:\n\n\`\`\`sh\nnpx vogjs score photos --plugins vogjs-metric-${name.kebab}/src/index.ts\n\`\`\`\n`
      : '';
  return `# vogjs-${kind}-${name.kebab}\n\nA ${kind} for VoG.js.\n\n\`\`\`ts\n${USES[kind](name)}\n\`\`\`\n${command}\n\`npm install && npm test\` compiles it and runs its tests.\n`;
}
