// Every code block of every document is run, or says why not. A program runs from source in a process of its own and is
// type-checked; a shell line must name commands, options and packages that exist.
// Only with --all: it runs every program of every page
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Block, blocksOf, kindOf, programOf } from './documents/blocks.js';
import { commandProblem, workspaceAt } from './documents/commands.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const workspace = workspaceAt(root);
// Inside this package, so that the programs' imports resolve as a user's would.
const scratch = join(root, 'test/.scratch');
mkdirSync(scratch, { recursive: true });
const folder = mkdtempSync(join(scratch, 'documents-'));

/** Markdown files of the repository that people read. */
function documents(): string[] {
  if (process.env.ONLY) return process.env.ONLY.split(',');
  const docs = existsSync(join(root, 'docs')) ? readdirSync(join(root, 'docs'), { recursive: true }) : [];
  const readmes = readdirSync(join(root, 'packages')).map((name) => join('packages', name, 'README.md'));
  const names = ['README.md', 'CONTRIBUTING.md', ...docs.map((name) => join('docs', String(name))).sort(), ...readmes];
  return names.filter((name) => name.endsWith('.md') && existsSync(join(root, name)));
}

/** Writes the program of a block where it can run; its path. */
function writeProgram(document: string, blocks: readonly Block[], block: Block): string {
  const { code, setup } = programOf(blocks, block);
  const stem = `${document.replace(/\W+/g, '-')}-${block.line}`;
  const file = join(folder, `${stem}.${/^(ts|typescript)$/.test(block.language) ? 'ts' : 'mjs'}`);
  const preamble = setup === undefined ? '' : `import '../../documents/setups/${setup}.js';\n`;
  writeFileSync(file, `${preamble}${code}\nexport {};\n`);
  return file;
}

/** Runs a program as `node scripts/ts.mjs FILE` would, in a folder of its own, since programs write files. */
function runProgram(file: string): Promise<{ code: number | null; output: string }> {
  const cwd = mkdtempSync(join(folder, 'run-'));
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'scripts/ts.mjs'), file], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}

const test = suite('documents');
test.after(() => rmSync(folder, { recursive: true }));

test('there is a README', () => {
  assert.ok(existsSync(join(root, 'README.md')));
});

const programs: { file: string; place: string }[] = [];
for (const document of documents()) {
  const blocks = blocksOf(readFileSync(join(root, document), 'utf8'));
  for (const block of blocks) {
    const place = `${document}:${block.line}`;
    const kind = kindOf(block.language);
    if (block.notRun !== undefined || kind === 'text') continue;
    if (kind === undefined) {
      test(`${place} is in a language that is run or known as text`, () => {
        assert.unreachable(`"${block.language}" is neither; use text for output and diagrams`);
      });
    } else if (kind === 'commands') {
      test(`${place} names commands that exist`, () => {
        const problems = block.code.split('\n').map((line) => commandProblem(workspace, line));
        assert.equal(problems.filter(Boolean), []);
      });
    } else {
      const file = writeProgram(document, blocks, block);
      if (file.endsWith('.ts')) programs.push({ file, place });
      test(`${place} runs`, async () => {
        const { code, output } = await runProgram(file);
        assert.is(code, 0, output);
      });
    }
  }
}

test('the programs type-check', () => {
  const compilerOptions = {
    composite: false,
    noEmit: true,
    declaration: false,
    declarationMap: false,
    sourceMap: false,
  };
  const files = programs.map(({ file }) => file);
  const options = { ...compilerOptions, inlineSources: false, types: ['node'] };
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: '../../../tsconfig.base.json', compilerOptions: options, files }),
  );
  if (files.length === 0) return assert.is(documents().length, 0, 'documents without a single program');
  const compiler = join(root, 'node_modules/typescript/lib/tsc.js');
  const { status, stdout } = spawnSync(process.execPath, [compiler, '-p', folder, '--pretty', 'false'], {
    encoding: 'utf8',
  });
  const named = programs.reduce(
    (text, { file, place }) => text.replaceAll(relative(process.cwd(), file), `(${place}) ${file}`),
    stdout,
  );
  assert.is(status, 0, named);
});

test.run();
