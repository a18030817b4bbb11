import { leaveOnInterrupt } from '../../terminal/interrupt.js';

/** Says on Ctrl-C what is saved and how to go on, and leaves: every checkpoint that is done is on the disk. */
export function explainInterrupt(
  folder: string,
  done: () => string,
  goOn = `vogjs score --resume --out ${folder}`,
): () => void {
  return leaveOnInterrupt(() =>
    console.error(`
Stopped. ${done()} Go on with: ${goOn}`),
  );
}
