// What pages say to each other over a BroadcastChannel. Anything of the same origin may speak there: what is not as
// written here is not heard.
import { isRecord } from '@vogjs/base';

/** The channel's name unless told. */
export const CHANNEL = 'vogjs';

/** An event as a line of JSON, and its number in the training. */
export interface KeptLine {
  readonly at: number;
  readonly line: string;
}

/** A training that is told of over a channel. */
export interface BroadcastTraining {
  /** Differs between any two trainings. */
  readonly id: string;
  readonly name: string;
  readonly classNames: readonly string[] | null;
  /** Size of a picture; null where there are none. */
  readonly pictures: { readonly width: number; readonly height: number; readonly channels: number } | null;
  /** Milliseconds since 1970. */
  readonly begun: number;
}

/** What happened after line `after`, as far as it is kept. */
interface StoryMessage {
  readonly vogjs: 'story';
  readonly training: BroadcastTraining;
  readonly after: number;
  readonly lines: readonly KeptLine[];
}

interface LineMessage extends KeptLine {
  readonly vogjs: 'line';
  readonly id: string;
}

/** Pixels of one example: `[height, width, channels]`. */
interface PictureMessage {
  readonly vogjs: 'picture';
  readonly id: string;
  readonly row: number;
  readonly pixels: Uint8Array;
}

/** The page that trains goes. */
interface GoneMessage {
  readonly vogjs: 'gone';
  readonly id: string;
}

/** A page that looks on asks for the story: of any training from its beginning, or of one after a line. */
interface AskMessage {
  readonly vogjs: 'ask';
  readonly id: string | null;
  readonly after: number;
}

interface AskPicturesMessage {
  readonly vogjs: 'ask-pictures';
  readonly id: string;
  readonly rows: readonly number[];
}

export type BroadcastMessage =
  | StoryMessage
  | LineMessage
  | PictureMessage
  | GoneMessage
  | AskMessage
  | AskPicturesMessage;

const isText = (value: unknown): boolean => typeof value === 'string';
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const isLine = (value: unknown): boolean => isRecord(value) && isCount(value['at']) && isText(value['line']);
const isList = (value: unknown, each: (one: unknown) => boolean): boolean => Array.isArray(value) && value.every(each);

function isTraining(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { id, name, classNames, pictures, begun } = value;
  const isSized =
    pictures === null ||
    (isRecord(pictures) && ['width', 'height', 'channels'].every((side) => isCount(pictures[side])));
  return (
    isText(id) &&
    isText(name) &&
    (classNames === null || isList(classNames, isText)) &&
    isSized &&
    Number.isFinite(begun)
  );
}

const SHAPES: Readonly<Record<BroadcastMessage['vogjs'], (message: Record<string, unknown>) => boolean>> = {
  story: ({ training, after, lines }) => isTraining(training) && isCount(after) && isList(lines, isLine),
  line: (message) => isText(message['id']) && isLine(message),
  picture: ({ id, row, pixels }) => isText(id) && isCount(row) && pixels instanceof Uint8Array,
  gone: ({ id }) => isText(id),
  ask: ({ id, after }) => (id === null || isText(id)) && isCount(after),
  'ask-pictures': ({ id, rows }) => isText(id) && isList(rows, isCount),
};

/** The message that this is; null for what is none. */
export function messageOf(data: unknown): BroadcastMessage | null {
  if (!isRecord(data)) return null;
  const isOne = Object.entries(SHAPES).some(([kind, fits]) => data['vogjs'] === kind && fits(data));
  return isOne ? (data as unknown as BroadcastMessage) : null;
}

/** Says it to all others on the channel. */
export function sayOn(channel: BroadcastChannel, message: BroadcastMessage): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel is of one origin
  channel.postMessage(message);
}
