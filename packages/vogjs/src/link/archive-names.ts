import { shown, VogError } from '@vogjs/base';

/** Limits of Linux's file systems: bytes of a name, and of a path with room for the folder that it is put into. */
const LONGEST_PART = 255;
const LONGEST_PATH = 2048;

/**
 * The name of an archive's entry as a path below wherever it is unpacked, without empty parts and `.`.
 *
 * Refused is every name that means a place of its own on any system: absolute ones, drive letters, backslashes, `..`,
 * control characters, and names too long for a file system. Nobody packs TensorFlow so.
 *
 * @throws VogError FORMAT_INVALID
 */
export function safeName(name: string, archive: string): string {
  const why = faultOf(name);
  if (why !== null) {
    throw new VogError(
      'FORMAT_INVALID',
      `${archive} has an entry named ${shown(name, 100)}, which ${why}: it is not unpacked. Get the file from its publisher.`,
    );
  }
  return name
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}

function faultOf(name: string): string | null {
  const parts = name.split('/');
  if (name === '') return 'is empty';
  if (parts.includes('..')) return 'leads out of its folder';
  if (name.startsWith('/') || /^[A-Za-z]:/.test(name)) return 'is an absolute path';
  if (name.includes('\\')) return 'holds a backslash';
  if (Array.from(name).some((character) => character < ' ' || character === '\u007f'))
    return 'holds control characters';
  const isLong = Buffer.byteLength(name) > LONGEST_PATH || parts.some((part) => Buffer.byteLength(part) > LONGEST_PART);
  return isLong ? 'is too long' : null;
}
