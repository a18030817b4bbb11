import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SCORE_OPTIONS } from '../score/config/options.js';
import { composeTemplate } from './docker-compose.js';
import type { TemplateJob } from './job.js';
import { kubernetesTemplate } from './kubernetes.js';
import { scoreWords, shellQuoted } from './score-words.js';
import { slurmTemplate } from './slurm.js';

const test = suite('templates of jobs');
const folder = mkdtempSync(join(tmpdir(), 'vogjs-template-'));
test.after(() => rmSync(folder, { recursive: true }));

const config = SCORE_OPTIONS.resolve({
  data: "photos of '24",
  checkpoints: 'ckpt/*',
  metrics: ['vog', 'aum'],
  windows: 3,
  backend: 'cpu',
  chunkSize: 40,
  out: 'runs/photos',
});
const job: TemplateJob = {
  name: 'vogjs-photos',
  words: scoreWords(config),
  folder: 'runs/photos',
  shards: 8,
  workers: 4,
  image: 'registry.example/vogjs:1',
  claim: 'data',
  cores: 1,
  megabytes: 900,
  minutes: 75,
};
const ASKED =
  "score|photos of '24|--checkpoints|ckpt/*|--metrics|vog,aum|--windows|3|--backend|cpu|--chunk-size|40|--out|runs/photos".split(
    '|',
  );

/** A command that prints its words, one a line, in place of `npx` and `vogjs`. */
function standIn(name: string, code = 0): void {
  writeFileSync(join(folder, name), `#!/bin/sh\nprintf '%s\\n' "$@"\nexit ${code}\n`);
  chmodSync(join(folder, name), 0o755);
}

function shell(args: readonly string[], environment: Record<string, string>): { code: number; lines: string[] } {
  const env = { PATH: `${folder}:${process.env['PATH']}`, ...environment };
  try {
    const said = execFileSync('sh', args, { encoding: 'utf8', env, cwd: folder });
    return { code: 0, lines: said.trim().split('\n') };
  } catch (error) {
    const { status, stdout } = error as { status: number; stdout: string };
    return { code: status, lines: stdout.trim().split('\n') };
  }
}

test('the words ask for the same options again, and leave out what is so by itself', () => {
  assert.equal(job.words, ['vogjs', ...ASKED]);
  assert.is(shellQuoted("it's"), String.raw`'it'\''s'`);
});

test('a task of a Slurm array scores the shard of its number; what was killed is requeued three times', () => {
  const file = join(folder, 'job.sh');
  writeFileSync(file, slurmTemplate(job));
  standIn('npx');
  standIn('scontrol');
  const task = { SLURM_ARRAY_TASK_ID: '3', SLURM_JOB_ID: '71' };
  assert.equal(shell([file], task), { code: 0, lines: ['vogjs', ...ASKED, '--shard', '3/8'] });
  for (const [code, restarts, isRequeued] of [
    [137, '0', true],
    [137, '3', false],
    [1, '0', false],
    [2, '0', false],
  ] as const) {
    standIn('npx', code);
    const ended = shell([file], { ...task, SLURM_RESTART_COUNT: restarts });
    assert.is(ended.code, code);
    assert.equal(ended.lines.slice(-2), isRequeued ? ['requeue', '71'] : ['--shard', '3/8'], `${code} ${restarts}`);
  }
  const text = slurmTemplate(job);
  for (const line of ['--array=1-8%4', '--mem=900M', '--time=1:15:00', '--requeue'])
    assert.ok(text.includes(`#SBATCH ${line}\n`));
  assert.match(text, "--wrap='npx vogjs merge runs/photos'");
});

test("the container's command scores the shard of its completion index, and the other one merges", () => {
  standIn('vogjs');
  const commands = [...kubernetesTemplate(job).matchAll(/args:\n\s+- (".*")\n/g)].map(
    ([, text = '']) => JSON.parse(text) as string,
  );
  assert.is(commands.length, 2);
  const [score = '', merge = ''] = commands;
  assert.equal(shell(['-c', score], { JOB_COMPLETION_INDEX: '0' }).lines, [...ASKED, '--shard', '1/8']);
  assert.equal(shell(['-c', score], { JOB_COMPLETION_INDEX: '7' }).lines, [...ASKED, '--shard', '8/8']);
  assert.equal(shell(['-c', merge], {}).lines, ['merge', 'runs/photos']);
});

test('the compose file has workers of the queue, and the command that fills it', () => {
  const text = composeTemplate(job);
  const commands = [...text.matchAll(/command: (\[.*\])/g)].map(([, list = '']) => JSON.parse(list) as string[]);
  const queue = ['--queue', 'redis://redis:6379'];
  assert.equal(commands[1], ['vogjs', 'worker', ...queue]);
  assert.equal(commands[2], [...job.words, ...queue, '--shards', '8']);
  assert.match(text, 'replicas: 4');
  assert.match(composeTemplate({ ...job, image: undefined }), 'npm install --global vogjs @vogjs/queue');
});

test.run();
