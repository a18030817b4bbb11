import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { BASELINE } from './methods.js';
import { meanCurve, type MethodSummary, type RunsByMethod } from './results.js';
import type { SetName } from './training-data.js';

const WIDTH = 900;
/** Room below a plot for its axis, and for the legend under that. */
const BELOW = 52;
const LEGEND = 26;
const SHARED = {
  width: WIDTH,
  marginTop: 34,
  marginBottom: BELOW,
  style: { background: 'white', color: 'black', fontSize: '13px' },
} as const;
const GAIN = 'gain in test accuracy over random order, % points';

/** The two moments that the table has, and how they are drawn. */
const MOMENTS = [
  { key: 'half', label: 'after half of the steps', colour: '#e69f00', dy: -6 },
  { key: 'final', label: 'at the end', colour: '#0072b2', dy: 6 },
] as const;

// Okabe and Ito's colours, told apart by people who see colours differently.
const COLOURS = ['#999999', '#009e73', '#d55e00', '#56b4e9', '#0072b2', '#cc79a7'] as const;

/** Gain of each method over the random order, with its interval; a panel a set: an SVG file's text. */
export function gainPicture(summaries: readonly MethodSummary[]): string {
  const rows = summaries.filter(({ method }) => method !== BASELINE);
  const methods = [...new Set(rows.map(({ method }) => method))];
  const sets = [...new Set(rows.map(({ set }) => set))];
  const document = emptyDocument();
  const svg = Plot.plot({
    ...SHARED,
    document,
    height: SHARED.marginTop + BELOW + 42 * methods.length,
    marginLeft: 140,
    x: { label: GAIN, grid: true, labelAnchor: 'center', labelArrow: false, labelOffset: 42, inset: 8 },
    y: { label: null, domain: methods, type: 'point', padding: 0.6 },
    fx: { label: null, padding: 0.06, domain: sets },
    marks: [
      Plot.frame({ stroke: '#bbb' }),
      Plot.ruleX([0], { stroke: 'black' }),
      ...MOMENTS.flatMap(({ key, colour, dy }) => {
        const points = rows.map(({ set, method, gain }) => {
          const { mean = 0, halfWidth = 0 } = gain?.[key] ?? {};
          return { set, method, gain: 100 * mean, least: 100 * (mean - halfWidth), most: 100 * (mean + halfWidth) };
        });
        const place = { fx: 'set', y: 'method', dy } as const;
        return [
          Plot.link(points, { ...place, x1: 'least', x2: 'most', stroke: colour, strokeWidth: 2 }),
          Plot.dot(points, { ...place, x: 'gain', fill: colour, r: 4.5 }),
        ];
      }),
    ],
  });
  addLegend(document, svg, MOMENTS);
  return svgText(svg, 'Gain in test accuracy of each method over a random order, with 95 % intervals over seeds.');
}

/** Mean gain of each method over the random order after each epoch; a panel a set. */
export function curvePicture(runs: ReadonlyMap<SetName, RunsByMethod>): string {
  const points = [...runs].flatMap(([set, byMethod]) => {
    const baseline = meanCurve(byMethod.get(BASELINE) ?? []);
    return [...byMethod].flatMap(([method, own]) =>
      meanCurve(own).map((accuracy, epoch) => ({
        set,
        method,
        epoch: epoch + 1,
        gain: 100 * (accuracy - (baseline[epoch] as number)),
      })),
    );
  });
  const others = points.filter(({ method }) => method !== BASELINE);
  const methods = [...new Set(others.map(({ method }) => method))];
  const epochs = Math.max(...others.map(({ epoch }) => epoch));
  const document = emptyDocument();
  const svg = Plot.plot({
    ...SHARED,
    document,
    height: 400,
    marginLeft: 60,
    x: { label: 'epoch', labelAnchor: 'center', labelArrow: false, ticks: Math.min(epochs, 10), tickFormat: 'd' },
    y: { label: GAIN, labelAnchor: 'center', labelArrow: false, grid: true },
    fx: { label: null, padding: 0.06, domain: [...runs.keys()] },
    color: { domain: methods, range: COLOURS.slice(0, methods.length) },
    marks: [
      Plot.frame({ stroke: '#bbb' }),
      Plot.ruleY([0], { stroke: 'black', strokeWidth: 2 }),
      Plot.line(others, { x: 'epoch', y: 'gain', fx: 'set', z: 'method', stroke: 'method', strokeWidth: 2 }),
    ],
  });
  addLegend(
    document,
    svg,
    methods.map((label, i) => ({ label, colour: COLOURS[i] ?? 'black' })),
  );
  return svgText(svg, 'Mean gain in test accuracy of each method over a random order after each epoch.');
}

function emptyDocument(): Document {
  return parseHTML('<!doctype html><html><body></body></html>').document;
}

/** Inside the SVG: Plot's own legend would make it a figure of HTML. */
function addLegend(
  document: Document,
  svg: Element,
  entries: readonly { readonly label: string; readonly colour: string }[],
): void {
  const height = Number(svg.getAttribute('height'));
  svg.setAttribute('height', String(height + LEGEND));
  svg.setAttribute('viewBox', `0 0 ${WIDTH} ${height + LEGEND}`);
  const add = (name: string, attributes: Readonly<Record<string, string | number>>, text: string): void => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
    element.textContent = text;
    svg.append(element);
  };
  let x = 60;
  for (const { label, colour } of entries) {
    add('rect', { x, y: height + 7, width: 18, height: 4, fill: colour }, '');
    add('text', { x: x + 24, y: height + 14, fill: 'black', 'text-anchor': 'start' }, label);
    x += 48 + 7 * label.length;
  }
}

function svgText(svg: Element, description: string): string {
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', description);
  // Hundredths of a pixel are enough, and half the file.
  return `${svg.outerHTML.replaceAll(/\d+\.\d{3,}/g, (digits) => Number(digits).toFixed(2))}\n`;
}
