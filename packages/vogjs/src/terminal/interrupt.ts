import process from 'node:process';

/**
 * Leaves at once on Ctrl-C, with exit code 130: for what is on the disk already, in files that are replaced atomically,
 * so that only the step in hand is lost.
 *
 * @param explain says what is saved and how to go on
 * @returns stops listening
 */
export function leaveOnInterrupt(explain: () => void): () => void {
  const onInterrupt = (): void => {
    // A bar may be on the line, which hid the cursor and switched line wrapping off.
    if (process.stderr.isTTY) process.stderr.write('\r\u001B[K\u001B[?25h\u001B[?7h');
    explain();
    process.exit(130);
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  return () => {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
  };
}
