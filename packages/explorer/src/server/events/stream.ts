import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer } from '../http/answer.js';
import type { EventFeed, FeedMessage } from './event-feed.js';

/** A proxy or tunnel closes what says nothing for long. */
const KEEP_ALIVE = 15_000;
/** Bytes that wait for a client that does not read; it comes back and says where it was. */
const MOST_WAITING = 4 * 2 ** 20;

/**
 * A feed as server-sent events: `message` with a line of `events.jsonl`, whose id is the byte where it ends; `changed`
 * with the name of a part; `restart` when the file began anew. `Last-Event-ID` goes on after that byte.
 */
export function streamOf(feed: EventFeed, request: IncomingMessage, streams: Set<ServerResponse>): Answer {
  const last = Number(request.headers['last-event-id'] ?? 0);
  const after = Number.isSafeInteger(last) && last > 0 ? last : 0;
  return {
    type: 'text/event-stream; charset=utf-8',
    stream: (response) => {
      streams.add(response);
      response.write(':\n\n');
      const keepAlive = setInterval(() => response.write(':\n\n'), KEEP_ALIVE).unref();
      const joined = feed.join(after, (message) => {
        if (response.writableLength > MOST_WAITING) response.destroy();
        else response.write(lineOf(message));
      });
      joined.catch(() => response.destroy());
      response.on('close', () => {
        streams.delete(response);
        clearInterval(keepAlive);
        joined.then((leave) => leave()).catch(() => {});
      });
    },
  };
}

function lineOf(message: FeedMessage): string {
  switch (message.kind) {
    case 'line':
      return `id: ${message.line.end}\ndata: ${message.line.data}\n\n`;
    case 'changed':
      return `event: changed\ndata: "${message.part}"\n\n`;
    case 'restart':
      return 'event: restart\nid: 0\ndata: null\n\n';
  }
}
