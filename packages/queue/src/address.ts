import { VogError } from '@vogjs/base';

/** Where a queue is. */
export interface Address {
  readonly engine: 'redis' | 'postgres';
  /** With its password: for the client alone. */
  readonly url: string;
  /** Without: for people, logs and errors. */
  readonly shown: string;
}

const ENGINES: Readonly<Record<string, Address['engine']>> = {
  'redis:': 'redis',
  'rediss:': 'redis',
  'postgres:': 'postgres',
  'postgresql:': 'postgres',
};

/**
 * Reads `redis://…`, `rediss://…` with TLS, `postgres://…` or `postgresql://…`.
 *
 * @throws VogError QUEUE_ADDRESS, which shows nothing of what was given: it may hold a password
 */
export function addressOf(given: string): Address {
  const url = URL.canParse(given) ? new URL(given) : null;
  const engine = ENGINES[url?.protocol ?? ''];
  if (url === null || engine === undefined || url.hostname === '') {
    throw new VogError(
      'QUEUE_ADDRESS',
      'The address of a queue is redis://host:6379, rediss:// with TLS, or postgres://user:password@host/database.',
    );
  }
  return { engine, url: given, shown: `${url.protocol}//${url.host}${url.pathname}` };
}

/** @param why what the client said; it has no password in it */
export function unreachable({ shown, engine }: Address, why: string): VogError {
  const server = engine === 'redis' ? 'Redis' : 'PostgreSQL';
  return new VogError(
    'QUEUE_UNREACHABLE',
    `The queue at ${shown} cannot be used: ${why.replace(/\.$/, '') || 'no connection'}. ` +
      `Check that ${server} runs there, that this machine reaches it, and its user and password.`,
  );
}
