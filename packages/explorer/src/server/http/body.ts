import type { IncomingMessage } from 'node:http';
import { isRecord, parseJson } from '@vogjs/base';
import { Refusal } from './refusal.js';

/** More than ten thousand decisions with a note each. */
const LARGEST = 4 * 2 ** 20;

/** The JSON object that a request brings. */
export async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const [type] = (request.headers['content-type'] ?? '').split(';');
  if (type?.trim() !== 'application/json') throw new Refusal(415, 'Send the body as application/json.');
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LARGEST) {
      throw new Refusal(413, `The body is above ${LARGEST} bytes. Send fewer at a time.`, { connection: 'close' });
    }
    chunks.push(chunk);
  }
  let value: unknown;
  try {
    value = parseJson(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new Refusal(400, 'The body is not JSON.');
  }
  if (!isRecord(value)) throw new Refusal(400, 'The body is not a JSON object.');
  return value;
}
