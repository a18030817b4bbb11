import { leaveOnInterrupt } from '../../terminal/interrupt.js';

/** Says on Ctrl-C what is saved and how to go on, and leaves: every checkpoint that is done is on the disk. */
export function explainInterrupt(folder: string, done: () => string): () => void {
  return leaveOnInterrupt(() => console.error(`\nStopped. ${done()} Go on with: vogjs score --resume --out ${folder}`));
}
