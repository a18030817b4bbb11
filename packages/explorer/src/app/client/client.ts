import type { ApiRefusal } from '../../api/types.js';
import { takeToken } from './token.js';

const token = takeToken();

/** What the server refused, or that it could not be reached. */
class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly status: number | null;

  constructor(status: number | null, message: string) {
    super(message);
    this.status = status;
  }
}

export async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { ...(init.headers as Record<string, string> | undefined), authorization: `Bearer ${token}` };
  let response: Response;
  try {
    response = await fetch(path, { ...init, headers });
  } catch (error) {
    if (init.signal?.aborted === true) throw error;
    throw new RequestError(null, 'The explorer does not answer. Is `vogjs explore` still running?');
  }
  if (response.ok) return response;
  const { message } = (await response.json().catch(() => ({}))) as Partial<ApiRefusal>;
  throw new RequestError(response.status, message ?? `The explorer answered ${response.status}.`);
}

export async function askJson<T>(path: string): Promise<T> {
  return (await (await ask(path)).json()) as T;
}

export async function post<T>(path: string, body: unknown): Promise<T> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  return (await (await ask(path, init)).json()) as T;
}

export type ColumnValues = Float32Array | readonly (string | number | boolean | null)[];

/** Values of a column: float32, or a list where it holds texts. */
export async function askColumn(run: number, column: number): Promise<ColumnValues> {
  const response = await ask(`/api/runs/${run}/columns/${column}`);
  const numbers = response.headers.get('content-type') === 'application/octet-stream';
  return numbers ? new Float32Array(await response.arrayBuffer()) : ((await response.json()) as ColumnValues);
}
