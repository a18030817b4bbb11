/** One server-sent event. `EventSource` would read them, and cannot send the token. */
export interface ServerEvent {
  readonly type: string;
  readonly id: string | null;
  readonly data: string;
}

/** Reads a stream of server-sent events, however it is cut into pieces. HTML Standard, section 9.2.6. */
export class ServerEvents {
  #rest = '';

  /** The events that this piece completes. */
  take(piece: string): ServerEvent[] {
    const blocks = (this.#rest + piece).split('\n\n');
    this.#rest = blocks.pop() as string;
    return blocks.flatMap((block) => {
      const fields = new Map<string, string>();
      for (const line of block.split('\n')) {
        const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
        if (name !== '') fields.set(name, value);
      }
      const data = fields.get('data');
      if (data === undefined) return [];
      return [{ type: fields.get('event') ?? 'message', id: fields.get('id') ?? null, data }];
    });
  }
}
