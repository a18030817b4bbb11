import type { Html } from '../markup/html.js';

/** A part of the page. `id` is its anchor, `title` its heading and its entry in the navigation. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Html;
}
