import { mkdir } from 'node:fs/promises';
import { type SelectedBackend, selectBackend } from '@vogjs/core/node';
import { fileStep } from '@vogjs/formats/files';
import { leaveOnInterrupt } from '../terminal/interrupt.js';
import { percent } from '../terminal/percent.js';
import { UsageError } from '../usage-error.js';
import { evaluate } from './evaluation.js';
import { loadNoisyImages } from './images.js';
import type { DemoOptions } from './options.js';
import { writeOutputs } from './outputs.js';
import { readSavedRun, removeSavedRun, type RunIdentity, savedRunPath } from './saved-run.js';
import { printEpoch, printEpochHeader, printResults } from './terminal.js';
import { train } from './training.js';

/** Trains, scores, prints and writes; gives the exit code. */
export async function runDemo(typed: DemoOptions): Promise<number> {
  const started = performance.now();
  const saved = typed.resume ? await readSavedRun(typed.out) : null;
  const options = saved === null ? typed : resumedOptions(typed, saved.identity);
  const backend = await selectBackend(options.backend);
  if (saved !== null) checkSameBackend(saved.identity, backend);
  console.log(`Backend: ${backend.backend} (${backend.version})${reasonOf(backend)}`);
  await fileStep('written', options.out, () => mkdir(options.out, { recursive: true }));
  const images = await loadNoisyImages(options.examples, options.noise, options.seed);
  const planted = images.planted.reduce((sum, flag) => sum + flag, 0);
  console.log(
    `Fashion-MNIST, ${images.size} images, ${planted} labels planted wrong (${percent(options.noise)}), ` +
      `${options.epochs} epochs, seed ${options.seed}${saved === null ? '' : `, resumed after epoch ${saved.epochs.length}`}`,
  );
  const stopListening = leaveOnInterrupt(() => explainInterrupt(options, lastSaved));
  let lastSaved = saved?.epochs.length ?? 0;
  printEpochHeader();
  for (const record of saved?.epochs ?? []) printEpoch(record, options.epochs);
  const run = await train(options, images, backend, saved, (record) => {
    lastSaved = record.epoch + 1;
    printEpoch(record, options.epochs);
  });
  const results = await evaluate(run, images);
  printResults(results, images);
  const seconds = (performance.now() - started) / 1000;
  const written = await writeOutputs(options, backend, images, run, results, seconds);
  run.tracker.dispose();
  stopListening();
  await removeSavedRun(options.out);
  console.log(`\nWrote ${written.join(', ')} in ${seconds.toFixed(0)} s.`);
  console.log(
    `Open ${written[0]} in a browser. The folder is a run: vogjs explore, report, export and import take it.`,
  );
  return 0;
}

/** A resumed run takes its options from the saved one; what was typed must not contradict them. */
function resumedOptions(typed: DemoOptions, identity: RunIdentity): DemoOptions {
  for (const name of ['epochs', 'examples', 'noise', 'seed'] as const) {
    if (typed.typed.includes(name) && typed[name] !== identity[name]) {
      throw new UsageError(
        `The interrupted run in '${typed.out}' has --${name} ${identity[name]}; it cannot be resumed with ${typed[name]}. Leave the option out, or start anew.`,
      );
    }
  }
  if (typed.backend !== 'auto' && typed.backend !== identity.backend) {
    throw new UsageError(
      `The interrupted run in '${typed.out}' used --backend ${identity.backend}; it cannot be resumed on ${typed.backend}.`,
    );
  }
  const { epochs, examples, noise, seed } = identity;
  return { ...typed, epochs, examples, noise, seed, backend: identity.backend as DemoOptions['backend'] };
}

function checkSameBackend({ backend }: RunIdentity, selected: SelectedBackend): void {
  if (backend !== selected.backend) {
    throw new UsageError(
      `The interrupted run used backend ${backend}, and ${selected.backend} was selected: its numbers would differ.`,
    );
  }
}

/** Why a faster backend was not taken, in half a line: what stands in brackets is for `vogjs doctor`. */
function reasonOf({ notes }: SelectedBackend): string {
  const missed = notes.filter((note) => /^(?:tfjs-node|webgpu)/.test(note)).map(withoutReasons);
  return missed.length === 0 ? '' : `; ${missed.join('; ')}`;
}

/** A note without the brackets at its end, where they list what was tried or go on for long. */
function withoutReasons(note: string): string {
  if (!note.endsWith(')')) return note;
  for (let at = note.indexOf(' ('); at !== -1; at = note.indexOf(' (', at + 1)) {
    const isLong = note.length - at - 3 >= 60;
    if (isLong || note.startsWith('none of', at + 2)) return note.slice(0, at);
  }
  return note;
}

/** What an interrupt says: every finished epoch is on the disk already. */
function explainInterrupt({ out }: DemoOptions, saved: number): void {
  console.log(
    saved === 0
      ? '\nStopped before the first epoch ended: nothing is saved.'
      : `\nStopped. Saved: ${saved} epochs, in ${savedRunPath(out)}. Go on with: npx vogjs demo --resume --out ${out}`,
  );
}
