// A small S3 in memory, which does wrong what a test asks for.
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** What goes wrong with one request. */
export type Fault =
  /** An answer that is an error. */
  | {
      readonly status: number;
      readonly word?: string;
      readonly headers?: Record<string, string>;
      readonly body?: string;
    }
  /** Never answers; begins an answer and stops; breaks off before and in the middle; does it, and breaks off; a byte too few; one too many. */
  | 'silent'
  | 'stalled'
  | 'refused'
  | 'cut'
  | 'lost'
  | 'short'
  | 'long';

export interface Store {
  readonly url: string;
  readonly environment: Record<string, string>;
  readonly files: Map<string, Buffer>;
  /** What was asked, such as `PUT /bucket/run.json`, with the headers. */
  readonly asked: { readonly line: string; readonly headers: IncomingMessage['headers'] }[];
  /** Uploads in parts that were begun and not ended. */
  readonly uploads: Map<string, Map<number, Buffer>>;
  /** The next requests that match do this, one each. */
  fail(match: RegExp, ...faults: Fault[]): void;
  close(): Promise<void>;
}

export const SECRET = 'secret+key/of-the-tests-42';
export const TOKEN = 'token-of-a-session-42';
export const KEY_ID = 'AKIDOFTHETESTS42';

/** When all of its files were put there. */
export const CHANGED = new Date('2026-02-03T04:05:06.789Z');
/** Keys of a page of a list. */
const PAGE = 3;

export async function startStore(): Promise<Store> {
  const files = new Map<string, Buffer>();
  const uploads = new Map<string, Map<number, Buffer>>();
  const asked: Store['asked'] = [];
  let begun = 0;
  const faults: { match: RegExp; fault: Fault }[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      const line = `${request.method} ${request.url}`;
      asked.push({ line, headers: request.headers });
      const at = faults.findIndex(({ match }) => match.test(line));
      const fault = at === -1 ? null : (faults.splice(at, 1)[0]?.fault ?? null);
      await answer(request, response, Buffer.concat(parts), fault);
    })().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function answer(
    request: IncomingMessage,
    response: ServerResponse,
    body: Buffer,
    fault: Fault | null,
  ): Promise<void> {
    if (fault === 'refused') return void response.destroy();
    if (fault === 'silent') return wait(60_000, undefined, { ref: false });
    if (fault !== null && typeof fault === 'object') {
      const xml =
        fault.body ??
        `<?xml version="1.0"?><Error><Code>${fault.word ?? ''}</Code><Message>${SECRET}</Message></Error>`;
      return send(
        request,
        response,
        fault.status,
        fault.word === undefined && fault.body === undefined ? '' : xml,
        fault.headers,
      );
    }
    const hash = createHash('sha256').update(body).digest('hex');
    if (request.headers['x-amz-content-sha256'] !== hash)
      return send(request, response, 400, errorOf('XAmzContentSHA256Mismatch'));
    const [status, content, headers = {}] = act(request, body);
    if (fault === 'lost') return void response.destroy();
    send(request, response, status, content, headers, fault);
  }

  /** What S3 does. */
  function act(
    request: IncomingMessage,
    body: Buffer,
  ): [status: number, content: Buffer | string, headers?: Record<string, string>] {
    const { pathname, searchParams: query } = new URL(request.url ?? '', url);
    const [, bucket = '', ...rest] = pathname.split('/');
    const key = rest.map(decodeURIComponent).join('/');
    if (bucket !== 'bucket') return [404, errorOf('NoSuchBucket')];
    if (key === '') return list(query);
    const there = files.get(key);
    const conditions = request.headers;
    const isHeld =
      (conditions['if-none-match'] !== '*' || there === undefined) &&
      (conditions['if-match'] === undefined || (there !== undefined && conditions['if-match'] === etagOf(there)));
    const id = query.get('uploadId');
    if (query.has('uploads')) {
      const made = `upload-${begun++}&<`;
      uploads.set(made, new Map());
      return [
        200,
        `<InitiateMultipartUploadResult><UploadId>${made.replace('&<', '&amp;&#60;')}</UploadId></InitiateMultipartUploadResult>`,
      ];
    }
    if (id !== null) {
      const parts = uploads.get(id);
      if (parts === undefined) return [404, errorOf('NoSuchUpload')];
      if (request.method === 'DELETE') return (uploads.delete(id), [204, '']);
      if (request.method === 'PUT') {
        parts.set(Number(query.get('partNumber')), body);
        return [200, '', { etag: etagOf(body) }];
      }
      if (!isHeld) return [412, errorOf('PreconditionFailed')];
      const told = [...body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber><ETag>([^<]+)</g)];
      const sent = told.map(([, number, tag]) => ({ part: parts.get(Number(number)), tag }));
      if (sent.length !== parts.size || sent.some(({ part, tag }) => part === undefined || etagOf(part) !== tag))
        return [400, errorOf('InvalidPart')];
      files.set(key, Buffer.concat(sent.map(({ part }) => part as Buffer)));
      uploads.delete(id);
      return [200, '<CompleteMultipartUploadResult/>'];
    }
    if (request.method === 'DELETE') return (files.delete(key), [204, '']);
    if (request.method !== 'PUT' && there === undefined) return [404, errorOf('NoSuchKey')];
    if (!isHeld) return [412, errorOf('PreconditionFailed')];
    if (request.method === 'PUT') return (files.set(key, body), [200, '', { etag: etagOf(body) }]);
    const whole = there as Buffer;
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    const headers = { etag: etagOf(whole), 'last-modified': CHANGED.toUTCString() };
    if (from === undefined) return [200, whole, headers];
    return Number(from) >= whole.length
      ? [416, errorOf('InvalidRange')]
      : [206, whole.subarray(Number(from), Number(to) + 1), headers];
  }

  function list(query: URLSearchParams): [number, string] {
    const prefix = query.get('prefix') ?? '';
    const after = query.get('continuation-token') ?? '';
    const found = [...files.keys()]
      .filter((key) => key.startsWith(prefix) && key > after)
      .toSorted((a, b) => (a < b ? -1 : 1));
    const page = found.slice(0, PAGE);
    const contents = page
      .map((key) => {
        const content = files.get(key) as Buffer;
        const facts = `<Size>${content.length}</Size><ETag>${etagOf(content).replaceAll('"', '&quot;')}</ETag>`;
        const encoded = encodeURIComponent(key).replaceAll('%2F', '/');
        return `<Contents><Key>${encoded}</Key><LastModified>${CHANGED.toISOString()}</LastModified>${facts}</Contents>`;
      })
      .join('');
    const more = found.length > PAGE;
    const next = more
      ? `<NextContinuationToken>${(page.at(-1) ?? '').replaceAll('&', '&amp;')}</NextContinuationToken>`
      : '';
    return [
      200,
      `<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>${more}</IsTruncated>${contents}${next}</ListBucketResult>`,
    ];
  }

  return {
    url,
    files,
    asked,
    uploads,
    environment: {
      AWS_ACCESS_KEY_ID: KEY_ID,
      AWS_SECRET_ACCESS_KEY: SECRET,
      AWS_SESSION_TOKEN: TOKEN,
      AWS_ENDPOINT_URL_S3: url,
      AWS_CONFIG_FILE: '/nowhere',
      AWS_SHARED_CREDENTIALS_FILE: '/nowhere',
    },
    fail: (match, ...each) => void faults.push(...each.map((fault) => ({ match, fault }))),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function errorOf(word: string): string {
  return `<?xml version="1.0"?><Error><Code>${word}</Code><Message>${SECRET}</Message></Error>`;
}

function etagOf(content: Buffer): string {
  return `"${createHash('md5').update(content).digest('hex')}"`;
}

function send(
  { method }: IncomingMessage,
  response: ServerResponse,
  status: number,
  content: Buffer | string,
  headers: Record<string, string> = {},
  fault: Fault | null = null,
): void {
  const bytes = Buffer.from(content);
  const told = { ...headers, 'content-length': String(bytes.length) };
  if (fault === 'short' || fault === 'long') {
    // Without a length nobody but the one who asked knows that it is wrong.
    response.writeHead(status, headers);
    return void response.end(fault === 'short' ? bytes.subarray(1) : Buffer.concat([bytes, bytes, Buffer.from('x')]));
  }
  response.writeHead(status, told);
  if (method === 'HEAD' || fault === null) return void response.end(method === 'HEAD' ? undefined : bytes);
  response.write(bytes.subarray(0, bytes.length >> 1));
  if (fault === 'cut') setTimeout(() => response.destroy(), 20);
}
