import process from 'node:process';
import { VogError } from '@vogjs/base';

/** ELF's e_machine for the architectures that TensorFlow is built for; source: ELF gABI, chapter 4. */
const MACHINES: Readonly<Record<string, number>> = { x64: 62, arm64: 183 };
const NAMES: Readonly<Record<number, string>> = { 3: '32-bit x86', 40: '32-bit ARM', 62: 'x86-64', 183: 'ARM64' };

/** @throws VogError PLATFORM_MISMATCH where this command cannot work at all */
export function checkPlatform(platform: string = process.platform, architecture: string = process.arch): void {
  if (platform === 'linux' && architecture in MACHINES) return;
  throw new VogError(
    'PLATFORM_MISMATCH',
    `link-libtensorflow works on Linux on x86-64 and ARM64, and this is ${platform} ${architecture}: use webgpu or wasm here.`,
  );
}

/**
 * Refuses a library that this process could not load.
 *
 * @param head its first 20 bytes
 * @throws VogError PLATFORM_MISMATCH
 */
export function checkLibrary(head: Buffer, name: string, architecture: string = process.arch): void {
  const isElf = head.length >= 20 && head.readUInt32BE(0) === 0x7f454c46;
  if (isElf && head.readUInt16LE(18) === MACHINES[architecture]) return;
  const machine = isElf ? head.readUInt16LE(18) : 0;
  const what = isElf ? `is for ${NAMES[machine] ?? `machine ${machine}`}` : 'is no Linux library';
  throw new VogError(
    'PLATFORM_MISMATCH',
    `${name} ${what}, and this Node is for Linux on ${architecture === 'x64' ? 'x86-64' : architecture}: take the TensorFlow for this machine.`,
  );
}
