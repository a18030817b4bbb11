// TensorBoard's events. Numbers of fields: tensorboard/compat/proto/{event,summary,tensor,histogram}.proto.
import { joined } from '../bytes/joined.js';
import { double, doubles, float, integer, message, text } from '../protobuf/wire.js';
import { histogramOf } from './histogram.js';

/** One value of an event, by its kind. */
export type EventValue =
  | { readonly tag: string; readonly scalar: number }
  /** Numbers whose distribution is drawn; those that are not finite are left out. */
  | { readonly tag: string; readonly histogram: ArrayLike<number> }
  | { readonly tag: string; readonly image: EventImage }
  /** Markdown. */
  | { readonly tag: string; readonly text: string };

/** A picture in a PNG file. */
export interface EventImage {
  readonly width: number;
  readonly height: number;
  /** 1 (grey), 3 (RGB) or 4 (RGBA). */
  readonly channels: number;
  readonly png: Uint8Array;
}

/** What TensorBoard is told at one step. */
export interface Event {
  /** Seconds since 1970. */
  readonly wallTime: number;
  readonly step: number;
  readonly values: readonly EventValue[];
}

const STRING = 7;

function valueOf(value: EventValue): Uint8Array {
  const tag = text(1, value.tag);
  if ('scalar' in value) return message(1, tag, float(2, value.scalar));
  if ('image' in value) {
    const { width, height, channels, png } = value.image;
    return message(1, tag, message(4, integer(1, height), integer(2, width), integer(3, channels), message(4, png)));
  }
  if ('text' in value) {
    const plugin = message(9, message(1, text(1, 'text')));
    return message(1, tag, plugin, message(8, integer(1, STRING), message(2), text(8, value.text)));
  }
  const { least, most, count, sum, squares, limits, counts } = histogramOf(value.histogram);
  const numbers = [double(1, least), double(2, most), double(3, count), double(4, sum), double(5, squares)];
  return message(1, tag, message(5, ...numbers, doubles(6, limits), doubles(7, counts)));
}

/** The event as a protocol buffer. */
export function encodeEvent({ wallTime, step, values }: Event): Uint8Array {
  return joined([double(1, wallTime), integer(2, step), message(5, ...values.map(valueOf))]);
}

/** The event that a file begins with. */
export function encodeFileVersion(wallTime: number): Uint8Array {
  return joined([double(1, wallTime), text(3, 'brain.Event:2')]);
}
