import { VogError } from '@vogjs/base';

/** A place in an S3-compatible store. */
export interface S3Address {
  readonly bucket: string;
  /** Before the names of all files: empty, or folders with `/` at the end. */
  readonly prefix: string;
  /** For messages, and as it is typed: `s3://bucket/prefix`. */
  readonly shown: string;
}

/**
 * Reads `s3://bucket/prefix`. What cannot be read is not repeated in the message: it may hold a password.
 *
 * @throws VogError STORAGE_ADDRESS
 */
export function parseS3(place: string): S3Address {
  const [, bucket = '', path = ''] = /^s3:\/\/([^/]*)\/?(.*)$/is.exec(place) ?? [];
  if (!/^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/.test(bucket)) {
    throw unreadable(
      bucket.includes('@') || bucket.includes(':')
        ? 'It names no user, password or port: keys and endpoint come from the environment, see docs/storage.md.'
        : "A bucket's name has 3 to 63 lower-case letters, digits, dots and hyphens.",
    );
  }
  const parts = path.replace(/\/+$/, '').split('/');
  const isBad = parts.some((part) => part === '' || part === '.' || part === '..' || /[\\:?#\p{Cc}]/u.test(part));
  if (isBad && path !== '') throw unreadable('After the bucket come names of folders, with one / between them.');
  const prefix = path === '' ? '' : `${parts.join('/')}/`;
  return { bucket, prefix, shown: `s3://${bucket}/${prefix}`.replace(/\/$/, '') };
}

function unreadable(why: string): VogError {
  return new VogError('STORAGE_ADDRESS', `This is not the address of a storage. ${why} Write s3://bucket/runs/photos.`);
}

/** Where requests go: the host, and what of the path is before the key. */
export interface Base {
  readonly origin: string;
  readonly path: string;
}

/**
 * The base of a bucket's requests: of an endpoint by path, as every store takes it; of AWS by the host's name, but for a
 * bucket with dots, which no certificate fits.
 *
 * @throws VogError STORAGE_ADDRESS for an endpoint or a region that cannot be
 */
export function baseOf(bucket: string, endpoint: string | null, region: string): Base {
  if (endpoint !== null) {
    const url = URL.canParse(endpoint) ? new URL(endpoint) : null;
    const isPlain = url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
    if (!isPlain || url.search !== '' || url.hash !== '') {
      throw new VogError(
        'STORAGE_ADDRESS',
        'The endpoint of the storage (AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL or endpoint_url of the profile) is not an address. ' +
          'Write http://host:port or https://host, without user, password or query.',
      );
    }
    return { origin: url.origin, path: `${url.pathname.replace(/\/+$/, '')}/${bucket}/` };
  }
  if (!/^[a-z0-9-]{1,40}$/.test(region)) {
    throw new VogError(
      'STORAGE_ADDRESS',
      'The region of the storage (AWS_REGION, AWS_DEFAULT_REGION or region of the profile) is not a region: write one such as eu-central-1.',
    );
  }
  const host = `s3.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
  return bucket.includes('.')
    ? { origin: `https://${host}`, path: `/${bucket}/` }
    : { origin: `https://${bucket}.${host}`, path: '/' };
}

/** A key in a URL: every character but letters, digits, `-._~` and the `/` between folders is escaped. */
export function escapeKey(key: string): string {
  return key
    .split('/')
    .map((part) =>
      encodeURIComponent(part).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`),
    )
    .join('/');
}
