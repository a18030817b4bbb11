// Calls pnpm from a script: the one that runs this script, or else the one npx brings.
// usage: node scripts/pnpm.mjs [ARG ...]     in any folder
import { spawnSync } from 'node:child_process';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';

/** @returns {[command: string, ...args: string[]]} */
function pnpmCommand() {
  const own = process.env['npm_execpath'] ?? '';
  if (!basename(own).startsWith('pnpm')) return ['npx', '-y', 'pnpm@12'];
  return /\.[cm]?js$/.test(own) ? [process.execPath, own] : [own];
}

/**
 * @param {string[]} args
 * @param {string} cwd
 * @returns {string} standard output
 */
export function pnpm(args, cwd) {
  const [command, ...before] = pnpmCommand();
  const { status, stdout, stderr, error } = spawnSync(command, [...before, ...args], { cwd, encoding: 'utf8' });
  if (status === 0) return stdout;
  throw new Error(`pnpm ${args.join(' ')} failed (${status ?? error?.message})\n${stdout}${stderr}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.stdout.write(pnpm(process.argv.slice(2), process.cwd()));
}
