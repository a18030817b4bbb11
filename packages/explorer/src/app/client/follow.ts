import { ask } from './client.js';
import { ServerEvents, type ServerEvent } from './server-events.js';

const RETRY = 1000;

/** Follows the events of a run until it is told to stop; a broken connection goes on where it ended. */
export function follow(run: number, onEvent: (event: ServerEvent) => void): () => void {
  const control = new AbortController();
  let last = '';
  const listen = async (): Promise<void> => {
    const headers: Record<string, string> = last === '' ? {} : { 'last-event-id': last };
    const { body } = await ask(`/api/runs/${run}/events`, { headers, signal: control.signal });
    const events = new ServerEvents();
    const decoder = new TextDecoder();
    const reader = (body as ReadableStream<Uint8Array>).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      for (const event of events.take(decoder.decode(part.value, { stream: true }))) {
        if (event.id !== null) last = event.id;
        onEvent(event);
      }
    }
  };
  const loop = async (): Promise<void> => {
    while (!control.signal.aborted) {
      await listen().catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, RETRY));
    }
  };
  void loop();
  return () => control.abort();
}
