import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { html, type Html, trusted } from '../markup/html.js';

/** Widths that charts are drawn for: text keeps its size, so a phone gets its own drawing, not a shrunken one. */
const layouts = { wide: 760, narrow: 340 } as const;

export type Layout = keyof typeof layouts;

/**
 * A chart as static SVG, drawn once for wide and once for narrow screens; the style sheet shows one of them.
 *
 * @param description what the chart shows, in words, for those who do not see it
 * @param draw Plot options for a layout; colours are CSS variables, so that the chart follows the page
 */
export function chart(
  description: string,
  draw: (layout: Layout, width: number) => Plot.PlotOptions,
  widths: Readonly<Record<Layout, number>> = layouts,
): Html {
  return html`<div class="chart">
    ${(['wide', 'narrow'] as const).map(
      (layout) =>
        html`<div class="${layout}">${svgOf(description, draw(layout, widths[layout]), widths[layout])}</div>`,
    )}
  </div>`;
}

function svgOf(description: string, options: Plot.PlotOptions, width: number): Html {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const svg = Plot.plot({ width, className: 'plot', document, ...options });
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', description);
  // The page's own style sheet dresses charts; Plot's would repeat itself in each of them.
  svg.querySelector('style')?.remove();
  // The picture is told as a whole: names of its groups, 'rect' and 'rule', say nothing, and a group without a role has none.
  for (const group of svg.querySelectorAll('g')) group.removeAttribute('aria-label');
  return trusted(svg.outerHTML);
}
