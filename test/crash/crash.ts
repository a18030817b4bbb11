// Kills a training at random moments, resumes it each time, and counts what was lost.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '@vogjs/core';

/** What is done. */
export interface CrashPlan {
  readonly kills: number;
  readonly backend: string;
  readonly seed: number;
  /** Epochs of each training. Default 40. */
  readonly epochs?: number;
  /** Most kills of one training before it is left to end. Default 8. */
  readonly killsPerRun?: number;
}

/** What came of it. */
export interface CrashReport {
  readonly kills: number;
  /** Trainings that were brought to their end. */
  readonly runs: number;
  /** Saves that had resolved. */
  readonly saves: number;
  /** Kills that fell between the start of the program and its first save. */
  readonly early: number;
  /** Everything that was lost, in words: a save that had resolved and was not there, other numbers at the end. */
  readonly losses: readonly string[];
  /** Temporary files that were there at the end of a training. */
  readonly strays: number;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = fileURLToPath(new URL('child.ts', import.meta.url));

interface Ended {
  readonly killed: boolean;
  /** The epoch that it resumed from; null when it was killed before it knew. */
  readonly resumed: number | null;
  /** The last save that it said had resolved. */
  readonly saved: number;
  readonly saves: number;
  readonly numbers: string | null;
  readonly errors: string;
}

/** Runs the training; `onLine` may kill it. */
function train(
  path: string,
  epochs: number,
  backend: string,
  onLine: (line: string, child: ChildProcess) => void,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ['--conditions=@vogjs/source', '--import', import.meta.resolve('tsx'), program, path, String(epochs), backend],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, TSX_TSCONFIG_PATH: join(root, 'tsconfig.base.json') },
      },
    );
    const seen = { resumed: null as number | null, saved: 0, saves: 0, numbers: null as string | null };
    let [rest, errors] = ['', ''];
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const [word, value = ''] = line.split(' ');
        if (word === 'ready') seen.resumed = Number(value);
        if (word === 'numbers') seen.numbers = value;
        if (word === 'saved') {
          seen.saved = Number(value);
          seen.saves++;
        }
        onLine(line, child);
      }
    });
    child.on('error', reject);
    child.on('close', (code, signal) =>
      resolve({ ...seen, killed: signal === 'SIGKILL', errors: code === 0 ? '' : errors }),
    );
  });
}

/** Kills until `kills` were done, each at a random moment after the training stood, then compares the ends. */
export async function crash({ kills, backend, seed, epochs = 40, killsPerRun = 8 }: CrashPlan): Promise<CrashReport> {
  const random = seededRandom(seed);
  const folder = mkdtempSync(join(tmpdir(), 'vogjs-crash-'));
  const report = { kills: 0, runs: 0, saves: 0, early: 0, strays: 0 };
  const losses: string[] = [];
  try {
    const started = performance.now();
    let ready = started;
    const whole = await train(join(folder, 'whole'), epochs, backend, (line) => {
      if (line.startsWith('ready')) ready = performance.now();
    });
    if (whole.numbers === null) throw new Error(`The uninterrupted training did not end:\n${whole.errors}`);
    const perEpoch = (performance.now() - ready) / epochs;

    while (report.kills < kills || report.runs === 0) {
      const path = join(folder, `run-${report.runs}`);
      const most = Math.min(killsPerRun, kills - report.kills);
      let acknowledged = 0;
      for (let killed = 0; ;) {
        const isLast = killed === most;
        // Within batches, checkpoints, writes, renames, and between them; now and then before the first save.
        const [after, delay] = [random.integer(4), random.uniform() * 2 * perEpoch];
        let told = 0;
        const ended = await train(path, epochs, backend, (line, child) => {
          if (!isLast && told++ === after) setTimeout(() => child.kill('SIGKILL'), delay);
        });
        const where = `run ${report.runs}, after kill ${killed}`;
        if (!ended.killed && ended.numbers === null) losses.push(`${where}: it did not go on: ${ended.errors.trim()}`);
        if (ended.resumed !== null && ended.resumed < acknowledged) {
          losses.push(`${where}: epoch ${acknowledged} had been saved, and it resumed from ${ended.resumed}`);
        }
        acknowledged = Math.max(acknowledged, ended.saved);
        report.saves += ended.saves;
        if (ended.killed) {
          killed++;
          report.kills++;
          if (ended.saves === 0) report.early++;
          continue;
        }
        if (ended.numbers !== null && ended.numbers !== whole.numbers)
          losses.push(`${where}: it ended in other numbers`);
        break;
      }
      report.runs++;
      report.strays += readdirSync(folder).filter((name) => name.endsWith('.tmp')).length;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { ...report, losses };
}
