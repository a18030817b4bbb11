import { VogError } from '@vogjs/base';
import { AwsV4Signer } from 'aws4fetch';
import { baseOf, escapeKey, type S3Address } from './address.js';
import { type Answer, failureOf, isPassing, wordOf } from './failures.js';
import type { Environment } from './profile.js';
import { type Incoming, send } from './send.js';
import { readSettings } from './settings.js';
import { limitOf, rest, type Waits } from './waits.js';

/** One request of a bucket. */
export interface Call {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  /** Without it the bucket. */
  readonly key?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Bytes that the answer has; another number is a fault, and asked for again. */
  readonly bytes?: number;
  /** Numbers of answers, beside those of success, that are given back and not thrown. */
  readonly accepts?: readonly number[];
  /** Begins the message of an error: `'s3://bucket/run.json cannot be read'`. */
  readonly what: string;
}

/** An answer, and how often it was asked for before in vain: what was sent then may have had its effect. */
export type Called = Answer & { readonly before: number };

/** Most bytes of an answer whose length nobody knows: a list of keys. */
const MOST = 2 ** 24;

/** Signed requests of one bucket, each tried again where the fault may pass. */
export class S3Client {
  constructor(
    readonly address: S3Address,
    private readonly environment: Environment,
    private readonly waits: Waits,
  ) {}

  /** @throws VogError STORAGE_… */
  async call(call: Call): Promise<Called> {
    const { attempts } = this.waits;
    for (let before = 0; ; before++) {
      const isLast = before + 1 >= attempts;
      const answer = await this.attempt(call).catch((error: unknown) => {
        if (error instanceof Fault && !isLast) return null;
        throw error instanceof Fault ? error.told(call.what, attempts) : error;
      });
      const isOver = answer !== null && (call.accepts?.includes(answer.status) || !isPassing(answer));
      if (answer !== null && (isOver || isLast)) {
        if ((answer.status >= 200 && answer.status < 300) || call.accepts?.includes(answer.status)) {
          return { ...answer, before };
        }
        throw failureOf(answer, call.what);
      }
      await rest(this.waits, before, answer?.headers.get('retry-after') ?? null);
    }
  }

  private async attempt(call: Call): Promise<Answer> {
    const { method, key, query = {}, headers = {}, body, bytes } = call;
    const { credentials, region, endpoint } = await readSettings(this.environment);
    const base = baseOf(this.address.bucket, endpoint, region);
    const path = key === undefined ? base.path.replace(/(.)\/$/, '$1') : base.path + escapeKey(key);
    const url = new URL(base.origin + path);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const { sessionToken, ...keys } = credentials;
    const signed = await new AwsV4Signer({
      ...keys,
      ...(sessionToken === undefined ? {} : { sessionToken }),
      url: url.href,
      method,
      headers: { ...headers, 'x-amz-content-sha256': await sha256(body ?? new Uint8Array()) },
      service: 's3',
      region,
    }).sign();
    // Not signed: what is between may change it.
    signed.headers.set('accept-encoding', 'identity');
    const signal = AbortSignal.timeout(limitOf(this.waits, (body?.length ?? 0) + (bytes ?? 0)));
    try {
      const request = { url: signed.url, method, headers: signed.headers, signal };
      const response = await send(body === undefined ? request : { ...request, body });
      const { headers: told } = response;
      const whole = await bodyOf(response, method, bytes);
      // What takes long is begun with 200 by some stores, and then fails.
      const failed =
        method === 'POST' && response.status === 200 && wordOf({ status: 200, headers: told, body: whole }) !== '';
      return { status: failed ? 500 : response.status, headers: told, body: whole };
    } catch (error) {
      if (error instanceof Fault) throw error;
      throw new Fault(faultOf(error, signal.aborted), 'STORAGE_UNREACHABLE', error);
    }
  }
}

/** What went wrong on the way, and may pass. */
class Fault extends Error {
  constructor(
    message: string,
    private readonly code: 'STORAGE_UNREACHABLE' | 'STORAGE_DAMAGED',
    cause?: unknown,
  ) {
    super(message, { cause });
  }

  told(what: string, times: number): VogError {
    const advice =
      this.code === 'STORAGE_DAMAGED'
        ? 'Look at what is between, such as a proxy.'
        : 'Check the endpoint (AWS_ENDPOINT_URL_S3) and the network, and give the same command again.';
    return new VogError(this.code, `${what}: ${this.message}, ${times} times. ${advice}`, { cause: this.cause });
  }
}

/** Reads an answer to its end, and no further than it may go. */
async function bodyOf(response: Incoming, method: string, bytes: number | undefined): Promise<Uint8Array> {
  const isData = response.status >= 200 && response.status < 300 && bytes !== undefined;
  const told = response.headers.has('content-encoding') ? null : response.headers.get('content-length');
  if (method === 'HEAD' || response.body === null) return new Uint8Array();
  const most = isData ? bytes : MOST;
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body) {
    length += part.length;
    // Leaving the loop cancels the rest.
    if (length > most) throw new Fault(`the store sent more than the ${most} bytes asked for`, 'STORAGE_DAMAGED');
    parts.push(part);
  }
  const expected = isData ? bytes : Number(told ?? length);
  if (length !== expected) {
    throw new Fault(`the store sent ${length} bytes, and not ${expected}`, 'STORAGE_DAMAGED');
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function faultOf(error: unknown, isLate: boolean): string {
  if (isLate) return 'the store took too long';
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
  return `the store could not be reached, or broke off${code}`;
}

async function sha256(bytes: Uint8Array): Promise<string> {
  const hash = await globalThis.crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
