import { VogError } from '@vogjs/base';
import type { ApiRefusal } from '../../api/types.js';

/** A request that is not carried out. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

/** Status of errors by their code; others are the server's fault. */
const STATUS: Readonly<Record<string, number>> = {
  ARGUMENT_INVALID: 400,
  IDS_UNKNOWN: 404,
  RUN_ABSENT: 404,
  RUN_INVALID: 422,
  RUN_VERSION: 422,
};

/** What a client is told of an error. Stacks and unknown errors' words stay here. */
export function refusalOf(error: unknown): { readonly status: number; readonly body: ApiRefusal } {
  if (error instanceof Refusal) {
    return { status: error.status, body: { code: 'REQUEST_REFUSED', message: error.message } };
  }
  if (error instanceof VogError) {
    return { status: STATUS[error.code] ?? 500, body: { code: error.code, message: error.message } };
  }
  return { status: 500, body: { code: 'SERVER_FAILED', message: 'The explorer failed here. Its terminal says why.' } };
}
