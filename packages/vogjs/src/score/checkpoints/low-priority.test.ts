import { spawnSync } from 'node:child_process';
import { constants, getPriority } from 'node:os';
import process from 'node:process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const LOW = constants.priority.PRIORITY_LOW;
const test = suite('the priority of what is scored beside a training');

/** Priorities of the threads of a process of its own, as its system tells them, after `code`: this one keeps its own. */
function prioritiesAfter(code: string): number[] {
  const module = new URL('low-priority.ts', import.meta.url).href;
  const source = `
    import { readdirSync, readFileSync } from 'node:fs';
    import { getPriority } from 'node:os';
    const { lowerPriority } = await import(${JSON.stringify(module)});
    ${code}
    const of = (id) => Number(readFileSync('/proc/self/task/' + id + '/stat', 'utf8').split(') ').at(-1).split(' ')[16]);
    const all = process.platform === 'linux' ? readdirSync('/proc/self/task').map(of) : [getPriority()];
    console.log(JSON.stringify(all));`;
  const loader = ['--import', import.meta.resolve('tsx'), '--input-type=module', '--eval', source];
  const { stdout, stderr, status } = spawnSync(process.execPath, loader, { encoding: 'utf8' });
  assert.is(status, 0, stderr);
  return JSON.parse(stdout) as number[];
}

test('every thread comes after those of other processes, those that were there before included', () => {
  const before = prioritiesAfter('');
  const after = prioritiesAfter('lowerPriority(); lowerPriority();');
  assert.ok(getPriority() === LOW || !before.includes(LOW), String(before));
  assert.equal(new Set(after), new Set([LOW]));
});

if (process.platform === 'linux') {
  test('a thread that is gone meanwhile is passed over', () => {
    const gone = `
      const os = await import('node:os'); const fs = await import('node:fs'); const { syncBuiltinESMExports } = await import('node:module');
      const { readdirSync: list } = fs.default;
      fs.default.readdirSync = (path) => path === '/proc/self/task' ? ['4194303', ...list(path)] : list(path);
      syncBuiltinESMExports();
      lowerPriority();
      fs.default.readdirSync = list; syncBuiltinESMExports();`;
    assert.equal(new Set(prioritiesAfter(gone)), new Set([LOW]));
  });
}

test.run();
