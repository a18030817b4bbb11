import process from 'node:process';

/** Says on Ctrl-C what is saved and how to go on, and leaves: every checkpoint that is done is on the disk. */
export function explainInterrupt(
  folder: string,
  done: () => string,
  goOn = `vogjs score --resume --out ${folder}`,
): () => void {
  const onInterrupt = (): void => {
    // A bar may be on the line, which hid the cursor and switched line wrapping off.
    if (process.stderr.isTTY) process.stderr.write('\r\u001B[K\u001B[?25h\u001B[?7h');
    console.error(`\nStopped. ${done()} Go on with: ${goOn}`);
    process.exit(130);
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  return () => {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
  };
}
