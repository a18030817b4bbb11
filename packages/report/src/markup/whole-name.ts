import { shorten } from './format.js';
import { html, type Html } from './html.js';

/** Most characters of a name that are shown at once; on a narrow card they take three lines. */
const shownAtMost = 40;

/**
 * A name, such as a file's, that can be read whole without a mouse: it wraps, and a very long one opens where it is cut.
 *
 * @param kind what it is, as a class for the style sheet
 */
export function wholeName(name: string, kind = 'name'): Html {
  const short = shorten(name, shownAtMost);
  if (short === name) return html`<span class="${kind}">${name}</span>`;
  return html`<details class="${kind} cut">
    <summary><span>${short}</span></summary>
    ${name}
  </details>`;
}
