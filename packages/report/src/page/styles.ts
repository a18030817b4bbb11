import { html, type Html, trusted } from '../markup/html.js';

// Contrast of text on its surface is at least 4.5 : 1 in both schemes, of marks in charts at least 3 : 1.
const palette = `
:root {
  color-scheme: light dark;
  --paper: #faf9f6; --surface: #ffffff; --ink: #1d1c1a; --muted: #66625b; --rule: #e4e0d8; --tint: #f2efe8;
  --hard: #c2410c; --easy: #2f7f86; --link: #9a3412; --flag: #c2410c;
  --correct-0: #c2410c; --correct-1: #d9762f; --correct-2: #8b8780; --correct-3: #4b9aa5; --correct-4: #155e68;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #141416; --surface: #1c1c1f; --ink: #ecebe8; --muted: #a5a29b; --rule: #333237; --tint: #242428;
    --hard: #f08a4b; --easy: #58b5b8; --link: #f5a777; --flag: #f08a4b;
    --correct-0: #ff7a33; --correct-1: #c97a45; --correct-2: #8d8a85; --correct-3: #3f8f9c; --correct-4: #7fd6df;
  }
}`;

const page = `
* { box-sizing: border-box; }
html { scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; max-width: 66rem; padding: 0 clamp(1rem, 4vw, 2.5rem) 3rem;
  background: var(--paper); color: var(--ink);
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: break-word;
}
h1, h2, .figures .value {
  font-family: "Iowan Old Style", Charter, "Bitstream Charter", "Sitka Text", "Noto Serif", Cambria, Georgia, serif;
  font-weight: 600; line-height: 1.15; letter-spacing: -0.01em; text-wrap: balance;
}
h1 { font-size: clamp(2rem, 6vw, 3.1rem); margin: 0.3rem 0 1rem; }
h2 { font-size: 1.6rem; margin: 0 0 0.75rem; }
h3 { font-size: 0.95rem; margin: 1.75rem 0 0.75rem; }
p { margin: 0 0 1rem; max-width: 46rem; text-wrap: pretty; }
a { color: var(--link); text-underline-offset: 0.2em; }
:focus-visible { outline: 3px solid var(--easy); outline-offset: 3px; border-radius: 3px; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--surface); padding: 0.5rem 1rem; }
.note { color: var(--muted); font-size: 0.875rem; font-weight: 400; }
header { padding-top: clamp(2rem, 7vw, 4.5rem); }
.kicker { color: var(--muted); font-size: 0.8rem; letter-spacing: 0.09em; text-transform: uppercase; margin: 0; }
.lead { font-size: clamp(1.05rem, 2.2vw, 1.2rem); line-height: 1.55; }
.badges { list-style: none; display: flex; flex-wrap: wrap; gap: 0.5rem; padding: 0; margin: 1.25rem 0 0; }
.badges li { padding: 0.2rem 0.75rem; border: 1px solid var(--rule); border-radius: 99rem; font-size: 0.875rem; }
.badges .direction { border-color: var(--hard); color: var(--link); font-weight: 600; }
.notice { border-left: 3px solid var(--hard); background: var(--tint); padding: 0.65rem 1rem; margin: 1.25rem 0 0; }
nav { margin: 2rem 0 0; border-block: 1px solid var(--rule); }
nav ul { display: flex; flex-wrap: wrap; gap: 0.1rem 1.4rem; list-style: none; padding: 0.5rem 0; margin: 0; }
nav a { color: var(--muted); font-size: 0.9rem; text-decoration: none; display: inline-block; padding: 0.25rem 0; }
nav a:hover { color: var(--ink); text-decoration: underline; }
section { padding-top: clamp(2.5rem, 6vw, 3.75rem); }
footer { margin-top: 4rem; padding-top: 1rem; border-top: 1px solid var(--rule); color: var(--muted); font-size: 0.875rem; }
`;

const figures = `
.figures {
  list-style: none; padding: 0; margin: 0; display: flex; flex-wrap: wrap; gap: 1px; overflow: hidden;
  border: 1px solid var(--rule); border-radius: 12px; background: var(--rule);
}
.figures li { flex: 1 1 max(13rem, calc(100% / var(--columns) - 1px)); background: var(--surface); padding: 1.1rem 1.25rem; display: flex; flex-direction: column; }
.figures[style*="--columns: 1"] { max-width: 22rem; }
.figures p { margin: 0; }
.figures .label { font-size: 0.875rem; color: var(--muted); line-height: 1.35; }
.figures .value { font-size: 2.1rem; margin: 0.35rem 0 0.5rem; }
.figures .note { line-height: 1.4; }
.scale { position: relative; height: 6px; border-radius: 3px; background: var(--rule); margin: 0.1rem 0 0.65rem; }
.scale i { position: absolute; inset: 0 auto 0 0; border-radius: 3px; background: var(--hard); }
.scale b { position: absolute; top: -4px; bottom: -4px; width: 2px; margin-left: -1px; background: var(--ink); }
`;

const charts = `
.chart { background: var(--surface); border: 1px solid var(--rule); border-radius: 12px; padding: 0.75rem; margin: 1rem 0; }
.chart svg { display: block; width: 100%; height: auto; overflow: visible; }
.plot { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif; color: var(--ink); --plot-background: var(--surface); }
.plot text, .plot tspan { white-space: pre; }
.chart .narrow { display: none; }
.panels { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr)); }
.panels figure { margin: 0; }
.panels figcaption { text-transform: capitalize; }
.panels .note { text-transform: none; }
.panels .chart { margin: 0.35rem 0 0; }
.legend { max-width: none; display: flex; flex-wrap: wrap; align-items: center; gap: 0.25rem 1.5rem; font-size: 0.9rem; margin: 0; }
.legend span { display: inline-flex; align-items: center; gap: 0.5rem; }
.swatch { display: inline-block; width: 0.9rem; height: 0.9rem; border-radius: 3px; background: var(--easy); }
.swatch.flagged { background: var(--hard); }
.statement { display: flex; flex-wrap: wrap; gap: 0.25rem 1.75rem; }
`;

const galleries = `
.gallery { list-style: none; padding: 0; margin: 1.25rem 0 0; display: grid; gap: 1.1rem 0.9rem; grid-template-columns: repeat(auto-fill, minmax(min(6.6rem, 27%), 1fr)); }
.gallery li { min-width: 0; }
.gallery figure { margin: 0; }
.gallery img { display: block; width: 100%; height: auto; image-rendering: pixelated; border-radius: 6px; background: var(--tint); box-shadow: 0 0 0 1px var(--rule); }
.gallery .flagged img { box-shadow: 0 0 0 3px var(--flag); }
.gallery figcaption { margin-top: 0.45rem; font-size: 0.8rem; line-height: 1.4; display: flex; flex-wrap: wrap; justify-content: space-between; column-gap: 0.4rem; }
.gallery .id, .gallery .percentile { color: var(--muted); min-width: 0; overflow-wrap: anywhere; }
a.file { overflow-wrap: anywhere; }
details.cut { margin: 0; }
details.cut[open] > summary > span { display: none; }
.gallery .line details { display: inline; }
.gallery .line { flex: 1 0 100%; min-width: 0; overflow-wrap: anywhere; }
.gallery .truth, td.truth { color: var(--link); }
.gallery .line:last-child { color: var(--muted); }
.classes { border-bottom: 1px solid var(--rule); }
details.class { border-top: 1px solid var(--rule); margin: 0; }
details.class > summary { padding: 0.7rem 0; font-weight: 600; }
details.class > h3:first-of-type { margin-top: 0.5rem; }
details.class[open] { padding-bottom: 1.75rem; }
`;

const tables = `
details { margin: 0.75rem 0 0; }
summary { cursor: pointer; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; margin: 0.75rem 0; }
th, td { text-align: right; padding: 0.4rem 0.75rem; border-bottom: 1px solid var(--rule); vertical-align: baseline; }
td:not(.text) { white-space: nowrap; }
thead th { color: var(--muted); font-weight: 500; }
th:first-child, .text { text-align: left; }
tbody th { font-weight: 500; overflow-wrap: anywhere; min-width: 8rem; }
tr.flagged th { box-shadow: inset 3px 0 0 var(--flag); }
`;

const comparisons = `
.card { background: var(--surface); border: 1px solid var(--rule); border-radius: 12px; padding: 0.25rem 0.75rem; margin: 1rem 0; }
.card table { margin: 0; }
.card tbody tr:last-child > * { border-bottom: 0; }
.comparison thead th { max-width: 9rem; line-height: 1.3; vertical-align: bottom; }
.comparison td { white-space: nowrap; }
.comparison tbody th, .comparison tfoot th { position: sticky; left: 0; background: var(--surface); overflow-wrap: normal; min-width: 7rem; }
.comparison small { color: var(--muted); font-size: 0.8rem; }
.comparison .scale { display: block; height: 4px; margin: 0.35rem 0 0.2rem; min-width: 4.5rem; }
.comparison .scale b { top: -3px; bottom: -3px; }
.comparison tfoot > tr > * { color: var(--muted); border-top: 1px solid var(--rule); border-bottom: 0; font-weight: 500; }
.matrix { width: auto; border-collapse: separate; border-spacing: 2px; font-size: 0.82rem; }
.matrix th, .matrix td { border: 0; padding: 0.3rem; }
.matrix tbody td { min-width: 2.9rem; height: 2.2rem; text-align: center; vertical-align: middle; border-radius: 4px; white-space: nowrap; }
.matrix tbody th { min-width: 0; white-space: nowrap; vertical-align: middle; position: sticky; left: 0; background: var(--surface); }
.matrix thead th { vertical-align: bottom; padding: 0.3rem 0; }
.matrix thead span { display: inline-block; writing-mode: vertical-rl; transform: rotate(180deg); white-space: nowrap; }
.matrix thead th, .matrix tbody td { text-align: center; }
.matrix .itself { color: var(--muted); background: var(--tint); }
.swatch.round { border-radius: 50%; }
.swatch.dash { height: 0; width: 1.2rem; border-radius: 0; background: none; border-top: 2px dashed var(--ink); }
.panels figcaption.plain { text-transform: none; line-height: 1.35; }
.panels figcaption.plain .note { display: block; }
.swatch.ring { border-radius: 50%; background: none; border: 1.5px solid var(--ink); }
.suspects .given { text-decoration: line-through; text-decoration-color: var(--muted); color: var(--muted); }
.gallery.suspects .proposed { color: var(--ink); }
.gallery.suspects .line:last-child { color: var(--ink); }
.gallery.suspects .line.truth { color: var(--link); }
td.reason { min-width: 18rem; color: var(--muted); font-size: 0.85rem; }
`;

const tabs = `
.tabs { position: relative; }
.tabs > input { position: absolute; opacity: 0; pointer-events: none; }
.tab-list { display: flex; flex-wrap: wrap; gap: 0.4rem; padding-bottom: 1rem; border-bottom: 1px solid var(--rule); }
.tab-list label { cursor: pointer; padding: 0.3rem 0.85rem; border: 1px solid var(--rule); border-radius: 99rem; color: var(--muted); font-size: 0.9rem; }
.tab-list label:hover { color: var(--ink); background: var(--tint); }
.panel { display: none; }
.panel > h3 { font-size: 1.25rem; margin: 1.5rem 0 0.5rem; }
.part { padding-top: 1.75rem; }
.part > h4 { font-size: 1.05rem; margin: 0 0 0.6rem; }
h5 { font-size: 0.95rem; margin: 1.75rem 0 0.75rem; }
details.class > h5:first-of-type { margin-top: 0.5rem; }
`;

const lists = `
dl { margin: 0; }
dt { font-weight: 600; }
dd { margin: 0; }
.reading { columns: 22rem; column-gap: 2.5rem; }
.reading div { break-inside: avoid; padding-bottom: 1.5rem; }
.reading dd { color: var(--muted); }
.facts { display: grid; gap: 1rem 2rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 11rem), 1fr)); }
.facts dt { color: var(--muted); font-size: 0.875rem; font-weight: 400; }
.facts dd { overflow-wrap: anywhere; }
`;

const narrow = `
@media (max-width: 40rem) {
  .chart .wide { display: none; }
  .chart .narrow { display: block; }
  .chart { padding: 0.5rem; }
  .gallery .id { flex: 1 0 100%; }
  .comparison tbody th, .comparison tfoot th { min-width: 6rem; font-size: 0.85rem; }
  .matrix tbody th { white-space: normal; overflow-wrap: normal; min-width: 6rem; max-width: 7rem; line-height: 1.25; }
  th, td { padding: 0.4rem; }
  tbody th { min-width: 5rem; }
}
`;

const stacked = `
@media (max-width: 40rem) {
  .stacked, .stacked tbody { display: block; }
  .stacked thead { display: none; }
  .stacked tr { display: flex; flex-wrap: wrap; gap: 0.1rem 0.9rem; padding: 0.6rem 0 0.6rem 0.7rem; border-bottom: 1px solid var(--rule); }
  .stacked tr th, .stacked tr td { border: 0; padding: 0; text-align: left; white-space: normal; min-width: 0; }
  .stacked tr th, .stacked td.reason { flex: 1 0 100%; }
  .stacked tr.flagged { box-shadow: inset 3px 0 0 var(--flag); }
  .stacked tr.flagged th { box-shadow: none; }
  .stacked td[data-label]::before { content: attr(data-label) " "; color: var(--muted); font-size: 0.85em; }
}
`;

const print = `
@media print {
  :root { --paper: #fff; --surface: #fff; --ink: #000; --muted: #444; --rule: #bbb; --tint: #f4f4f4; --hard: #c2410c; --easy: #2f7f86; --link: #9a3412; --flag: #c2410c; }
  body { max-width: none; padding: 0 4px; font-size: 10pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  nav, .skip, .tab-list { display: none; }
  .panel { display: block; }
  section { padding-top: 1.5rem; }
  .chart, .gallery li, .figures li, tr, .reading div { break-inside: avoid; }
  h2, h3, summary { break-after: avoid; }
  details::details-content { content-visibility: visible; display: block; block-size: auto; }
}
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
`;

/** The page's style sheet, with rules of the page's own before those for paper. */
export function stylesWith(own: string): Html {
  const sheets = [
    palette,
    page,
    figures,
    charts,
    galleries,
    tables,
    comparisons,
    tabs,
    lists,
    own,
    narrow,
    stacked,
    print,
  ];
  return html`<style>
    ${trusted(sheets.join(''))}
  </style>`;
}
