import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { hashStrings } from '@vogjs/base';
import type { Store } from '@vogjs/testing/failing-store';
import { contentsOf } from '../shards/shards.test.helper.js';

/** Puts all files of a folder into the store. */
export function putFolder(store: Store, from: string, to: string): void {
  for (const name of readdirSync(from, { recursive: true, encoding: 'utf8' })) {
    if (statSync(join(from, name)).isFile())
      store.files.set(`${to}/${name.replaceAll('\\', '/')}`, readFileSync(join(from, name)));
  }
}

/** A run without what says where it was made of. */
export function resultOf(place: string): Record<string, unknown> {
  const { manifest, ...files } = contentsOf(place);
  const { config: _, configHash: __, data: of, model: ___, ...rest } = manifest as Record<string, object>;
  const hashes = Object.entries(files).map(([name, bytes]) => [name, hashStrings([String(bytes)])]);
  return { ...Object.fromEntries(hashes), rest, fingerprint: (of as { fingerprint: string }).fingerprint };
}
