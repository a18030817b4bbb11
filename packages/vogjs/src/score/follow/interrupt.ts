import { leaveOnInterrupt } from '../../terminal/interrupt.js';

/** `Saved: 3 of 8 epochs.` */
export function savedSoFar(done: number, all: number, what: string): string {
  return `Saved: ${done === 0 ? 'none' : done} of ${all} ${what}.`;
}

/** Says on Ctrl-C what is saved and how to go on, and leaves: every checkpoint that is done is on the disk. */
export function explainInterrupt(
  folder: string,
  done: () => string,
  goOn = `npx vogjs score --resume --out ${folder}`,
): () => void {
  return leaveOnInterrupt(() =>
    console.error(`
Stopped. ${done()} Go on with: ${goOn}`),
  );
}
