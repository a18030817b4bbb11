// `vogjs score --watch` in a process of its own, and what it takes of the processor.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** Clock ticks of a second in /proc, on every Linux that Node runs on. */
const TICKS = 100;
const LOOK = 500;
/** Below so much of a look's time it has nothing to do but look. */
const IDLE = 0.1;
/** It has loaded its program by then; milliseconds of its processor. */
const LOADED = 500;
const PATIENCE = 60_000;

const main = fileURLToPath(new URL('../../../packages/vogjs/src/main.ts', import.meta.url));

export class Watcher {
  private said = '';
  private readonly exit: Promise<number | null>;

  private constructor(private readonly child: ChildProcess) {
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.said += text));
    this.exit = once(child, 'exit').then(([code]) => code as number | null);
  }

  /** Resolves when it has loaded and waits for the first checkpoint. */
  static async started(folder: string, checkpoints: string, until: number, out: string): Promise<Watcher> {
    const flags = `--labels labels.csv --model model.json --checkpoints ${checkpoints} --watch ${until} --backend wasm --out ${out}`;
    const args = [...process.execArgv, main, 'score', 'probe.npy', ...flags.split(' ')];
    const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
    const watcher = new Watcher(child);
    for (let waited = 0, before = 0; ; waited += LOOK) {
      await wait(LOOK);
      const now = watcher.processor();
      const isWaiting = now > LOADED && now - before < IDLE * LOOK;
      if (isWaiting || waited > PATIENCE || (process.platform !== 'linux' && waited > 4000)) return watcher;
      before = now;
    }
  }

  /** Milliseconds of the processor of all its threads; 0 where the system does not tell in /proc. */
  processor(): number {
    try {
      const stat = readFileSync(`/proc/${this.child.pid}/stat`, 'utf8');
      const fields = stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .map(Number);
      return ((fields[11] as number) + (fields[12] as number)) * (1000 / TICKS);
    } catch {
      return 0;
    }
  }

  /** Resolves when it is done. */
  async ended(): Promise<void> {
    const code = await this.exit;
    if (code !== 0) throw new Error(`vogjs score --watch ended with ${code}: ${this.said}`);
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }
}
