import { createRequire } from 'node:module';
import process from 'node:process';
import { VogError } from '@vogjs/base';
import { UsageError } from '../../usage-error.js';

/** The engine of queues, which is installed by those who have one. */
export type QueuePackage = typeof import('@vogjs/queue');

/** @throws VogError PACKAGE_MISSING */
export async function queuePackage(): Promise<QueuePackage> {
  try {
    return await import('@vogjs/queue');
  } catch (error) {
    if (isInstalled()) throw error;
    throw new VogError(
      'PACKAGE_MISSING',
      'Queues need the package @vogjs/queue, which is not installed: npm install @vogjs/queue.',
      { cause: error },
    );
  }
}

function isInstalled(): boolean {
  try {
    createRequire(import.meta.url).resolve('@vogjs/queue/package.json');
    return true;
  } catch (error) {
    // It is there, and shows no such file.
    return (error as NodeJS.ErrnoException).code === 'ERR_PACKAGE_PATH_NOT_EXPORTED';
  }
}

/** The variable that has the address, whose password then stands in no list of processes. */
const VARIABLE = 'VOGJS_QUEUE';

/** The address that was typed, or the one of the environment. */
export function queueAddress(typed: string): string {
  if (typed !== 'auto') return typed;
  const address = process.env[VARIABLE];
  if (address !== undefined && address !== '') return address;
  throw new UsageError(`--queue needs an address, such as redis://host:6379, or the environment variable ${VARIABLE}.`);
}
