/** What came back, while its bytes still come. */
export interface Incoming {
  readonly status: number;
  readonly headers: Headers;
  readonly body: AsyncIterable<Uint8Array> | null;
}

/** A signed request. */
export interface Outgoing {
  readonly url: URL | string;
  readonly method: string;
  readonly headers: Headers;
  readonly body?: Uint8Array;
  readonly signal: AbortSignal;
}

/**
 * Sends a request. One with bytes goes by Node's own HTTP client where there is one. `fetch` of Node 20 does not notice a
 * connection that breaks before it listens, as when a training keeps the thread busy. It waits for all of its time.
 */
export async function send(request: Outgoing): Promise<Incoming> {
  const { url, method, headers, body, signal } = request;
  const node = globalThis.process?.getBuiltinModule;
  if (body !== undefined && node !== undefined) return upload({ ...request, body }, node);
  // Keys go nowhere but where they are meant for.
  const options = { method, headers, signal, redirect: 'manual' } as const;
  const response = await fetch(
    url,
    body === undefined ? options : { ...options, body: body as Uint8Array<ArrayBuffer> },
  );
  return {
    status: response.status,
    headers: response.headers,
    body: response.body as unknown as AsyncIterable<Uint8Array> | null,
  };
}

/** Sends bytes, each time on a connection of its own: one that was kept may be gone, and nobody has been told. */
function upload(
  { url, method, headers, body, signal }: Outgoing & { readonly body: Uint8Array },
  node: NonNullable<typeof globalThis.process.getBuiltinModule>,
): Promise<Incoming> {
  const target = new URL(url);
  const { request } = target.protocol === 'https:' ? node('node:https') : node('node:http');
  const length = { 'content-length': String(body.length) };
  const options = { method, signal, agent: false as const, headers: { ...Object.fromEntries(headers), ...length } };
  return new Promise((resolve, reject) => {
    const sent = request(target, options, (answer) => {
      const told = new Headers();
      for (let at = 0; at < answer.rawHeaders.length; at += 2) {
        told.append(answer.rawHeaders[at] as string, answer.rawHeaders[at + 1] as string);
      }
      resolve({ status: answer.statusCode ?? 0, headers: told, body: answer });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
