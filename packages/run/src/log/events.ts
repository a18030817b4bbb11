/** What happened in a run, as it happened. */
export const EVENTS = 'events.jsonl';
