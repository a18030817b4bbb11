import { existsSync } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import { join, normalize, sep } from 'node:path';
import process from 'node:process';
import { VogError } from '@vogjs/base';
import { findPackage } from '../doctor/packages.js';

export const LINKABLE = ['tfjs-node-gpu', 'tfjs-node'] as const;
export type LinkablePackage = (typeof LINKABLE)[number];

/** An installed tfjs-node or tfjs-node-gpu. */
export interface NativePackage {
  readonly backend: LinkablePackage;
  /** `@tensorflow/tfjs-node` or `@tensorflow/tfjs-node-gpu`. */
  readonly name: string;
  readonly version: string;
  /** Its real folder, behind pnpm's symbolic links. */
  readonly folder: string;
  /** Its main file. */
  readonly main: string;
  /** Folder of the add-on inside it, for the newest Node-API that it knows, such as `lib/napi-v8`. */
  readonly addonFolder: string;
  readonly nodeApi: number;
}

/**
 * The package to link, as the current folder sees it.
 *
 * @param asked which one; null for the one that is there
 * @throws VogError PACKAGE_MISSING; ARGUMENT_INVALID when both are there and none was asked for
 */
export async function findNativePackage(
  asked: LinkablePackage | null,
  from: string = process.cwd(),
): Promise<NativePackage> {
  const candidates = (asked === null ? LINKABLE : [asked]).flatMap((backend) => {
    const folder = findPackage(`@tensorflow/${backend}`, [from]);
    return folder === null ? [] : [{ backend, folder }];
  });
  const [first, second] = candidates;
  if (first === undefined) {
    const name = `@tensorflow/${asked ?? 'tfjs-node'}`;
    throw new VogError(
      'PACKAGE_MISSING',
      `${name} is not installed here. Install it without its download first: npm install --ignore-scripts ${name} @tensorflow/tfjs`,
    );
  }
  if (second !== undefined) {
    throw new VogError(
      'ARGUMENT_INVALID',
      'Both tfjs-node-gpu and tfjs-node are installed: choose one with --package.',
    );
  }
  const name = `@tensorflow/${first.backend}`;
  const folder = await realpath(first.folder);
  const missing = ['binding.gyp', 'binding', 'dist/index.js'].find((path) => !existsSync(join(folder, path)));
  if (missing !== undefined) {
    throw new VogError(
      'PACKAGE_MISSING',
      `${name} is there but incomplete (no ${missing}), as a failed install leaves it. Install it anew: npm install --ignore-scripts ${name}`,
    );
  }
  const manifest = readManifest(await readFile(join(folder, 'package.json'), 'utf8'));
  if (manifest === null) {
    throw new VogError(
      'PACKAGE_MISSING',
      `${name} is there, but its package.json does not say where its add-on belongs. Install it anew: npm install --ignore-scripts ${name}`,
    );
  }
  const { nodeApi } = manifest;
  return {
    backend: first.backend,
    name,
    version: manifest.version,
    folder,
    main: join(folder, manifest.main),
    addonFolder: manifest.modulePath.replace('{napi_build_version}', String(nodeApi)),
    nodeApi,
  };
}

interface Manifest {
  readonly version: string;
  readonly main: string;
  readonly modulePath: string;
  /** The newest Node-API that both sides know. */
  readonly nodeApi: number;
}

/** What of a package.json is needed; null where it is not there, or the add-on would not lie in `lib/`. */
function readManifest(text: string): Manifest | null {
  let manifest: Partial<{
    version: unknown;
    main: unknown;
    binary: { module_path?: unknown; napi_versions?: unknown };
  }>;
  try {
    manifest = (JSON.parse(text) ?? {}) as typeof manifest;
  } catch {
    return null;
  }
  const { version, main, binary } = manifest;
  const { module_path: modulePath, napi_versions: versions } = binary ?? {};
  const known = (Array.isArray(versions) ? versions : []).filter(
    (one): one is number => Number.isInteger(one) && one <= Number(process.versions.napi),
  );
  if (typeof version !== 'string' || typeof main !== 'string' || typeof modulePath !== 'string') return null;
  if (known.length === 0 || !normalize(modulePath).startsWith(`lib${sep}`)) return null;
  return { version, main, modulePath, nodeApi: Math.max(...known) };
}
