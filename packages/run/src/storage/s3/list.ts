import { VogError } from '@vogjs/base';
import type { S3Client } from './client.js';
import { textOf, textsOf } from './xml.js';

/** All keys that begin with `prefix`, page by page. */
export async function listKeys(client: S3Client, prefix: string, what: string): Promise<string[]> {
  const keys: string[] = [];
  for (let token: string | null = null; ;) {
    const { body } = await client.call({
      method: 'GET',
      query: {
        'list-type': '2',
        'encoding-type': 'url',
        prefix,
        ...(token === null ? {} : { 'continuation-token': token }),
      },
      what,
    });
    const xml = new TextDecoder().decode(body);
    // A proxy's page, or a store of another kind: no keys would read as no files.
    if (!xml.includes('<ListBucketResult')) throw notS3(what);
    const isEncoded = textOf(xml, 'EncodingType') === 'url';
    for (const key of textsOf(xml, 'Key')) keys.push(isEncoded ? decoded(key, what) : key);
    if (textOf(xml, 'IsTruncated') !== 'true') return keys;
    const next: string | null = textOf(xml, 'NextContinuationToken');
    if (next === null || next === token) throw notS3(what);
    token = next;
  }
}

function decoded(key: string, what: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    throw notS3(what);
  }
}

function notS3(what: string): VogError {
  return new VogError(
    'STORAGE_REFUSED',
    `${what}: the answer is not an S3 list. Check the endpoint (AWS_ENDPOINT_URL_S3).`,
  );
}
