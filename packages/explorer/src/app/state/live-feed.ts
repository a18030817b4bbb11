// The events of the run that is open.
import type { ServerEvent } from '../client/server-events.js';
import { LineFeed } from './line-feed.js';

export const feed = new LineFeed();

export function take({ type, data }: ServerEvent): void {
  if (type === 'restart') feed.begin();
  if (type === 'message') feed.take(data);
}
