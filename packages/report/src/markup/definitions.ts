import { html, type Html } from './html.js';

/** Terms with what they mean. */
export function definitions(name: string, entries: readonly (readonly [term: string, meaning: string])[]): Html {
  return html`<dl class="${name}">
    ${entries.map(
      ([term, meaning]) =>
        html`<div>
          <dt>${term}</dt>
          <dd>${meaning}</dd>
        </div>`,
    )}
  </dl>`;
}
