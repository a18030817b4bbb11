import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Refusal } from './refusal.js';

/** Names of this machine to itself. Any port: a tunnel may end at another than ours. */
const OWN_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/;

export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Refuses a stranger's name that was pointed at this address (DNS rebinding). */
export function checkHost({ host = '' }: IncomingHttpHeaders): void {
  if (!OWN_HOST.test(host)) throw new Refusal(403, 'The explorer answers to 127.0.0.1 and localhost alone.');
}

/** Refuses pages of other origins; programs say no origin, and browsers always do when they post. */
export function checkOrigin({ host = '', origin, 'sec-fetch-site': site }: IncomingHttpHeaders): void {
  const foreign = origin !== undefined && origin !== `http://${host}`;
  if (!foreign && (site === undefined || site === 'same-origin' || site === 'none')) return;
  throw new Refusal(403, 'The explorer answers to its own page alone, not to pages of other origins.');
}

/** Refuses who does not have the token of the link: other users of the machine reach this port too. */
export function checkToken(headers: IncomingHttpHeaders, token: string): void {
  const [, given = ''] = /^Bearer (\S+)$/.exec(headers.authorization ?? '') ?? [];
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  if (timingSafeEqual(digest(given), digest(token))) return;
  throw new Refusal(401, 'Open the whole link that the explorer printed: it ends in a token.', {
    'www-authenticate': 'Bearer',
  });
}
