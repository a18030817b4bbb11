import type { ServerResponse } from 'node:http';

/** What a route gives: a body, or a stream that it writes by itself. */
export type Answer =
  | {
      readonly type: string;
      readonly body: string | Uint8Array;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly type: string; readonly stream: (response: ServerResponse) => void };

export function json(value: unknown): Answer {
  return { type: 'application/json; charset=utf-8', body: JSON.stringify(value) };
}

/** Numbers as they lie in memory: little-endian on every machine that runs Node. */
export function floats(values: Float32Array): Answer {
  return {
    type: 'application/octet-stream',
    body: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
  };
}

/** On every answer. The page may load its own files and talk to its own server, and nobody may frame it. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; " +
    "worker-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
} as const;

export function send(response: ServerResponse, status: number, answer: Answer): void {
  if ('stream' in answer) {
    response.writeHead(status, { ...HEADERS, 'content-type': answer.type });
    answer.stream(response);
    return;
  }
  const { type, body, headers } = answer;
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;
  response.writeHead(status, { ...HEADERS, ...headers, 'content-type': type, 'content-length': length });
  // Of HEAD, Node leaves the body out.
  response.end(body);
}
