import { html, type Html } from './html.js';

/** A share as a bar from 0 to 1, with a mark where chance would end. */
export function scale(value: number, baseline: number): Html {
  const percent = (share: number) => (100 * Math.min(1, Math.max(0, share))).toFixed(1);
  return html`<span class="scale" aria-hidden="true"
    ><i style="width: ${percent(value)}%"></i><b style="left: ${percent(baseline)}%"></b
  ></span>`;
}
