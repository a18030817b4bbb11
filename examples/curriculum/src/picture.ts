import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { BASELINE } from './methods.js';
import { meanCurve, type MethodSummary, type RunsByMethod } from './results.js';
import type { SetName } from './training-data.js';

// Okabe and Ito's colours, told apart by people who see colours differently; black is the baseline.
const COLOURS = ['#000000', '#999999', '#009e73', '#d55e00', '#56b4e9', '#0072b2', '#cc79a7'] as const;
const LEFT = 150;

/** Gain of each method over the random order at the end, with its interval; a panel a set: an SVG file's text. */
export function gainPicture(summaries: readonly MethodSummary[]): string {
  const rows = summaries.flatMap(({ set, method, gain }) =>
    gain === null
      ? []
      : (['half', 'final'] as const).map((when) => ({
          set,
          method,
          when: when === 'half' ? 'after half of the steps' : 'at the end',
          gain: 100 * gain[when].mean,
          least: 100 * (gain[when].mean - gain[when].halfWidth),
          most: 100 * (gain[when].mean + gain[when].halfWidth),
          nudge: when === 'half' ? -5 : 5,
        })),
  );
  const methods = [...new Set(rows.map(({ method }) => method))];
  const parts = [rows.filter(({ nudge }) => nudge < 0), rows.filter(({ nudge }) => nudge > 0)];
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const svg = Plot.plot({
    document,
    width: 900,
    height: 60 + 44 * methods.length,
    marginLeft: LEFT,
    marginTop: 44,
    style: { background: 'white', color: 'black', fontSize: '13px' },
    x: { label: 'test accuracy more than in random order, percentage points', grid: true, labelAnchor: 'center' },
    y: { label: null, domain: methods, type: 'point', padding: 0.6 },
    fx: { label: null, padding: 0.08 },
    symbol: { domain: ['after half of the steps', 'at the end'], range: ['triangle', 'circle'] },
    marks: [
      Plot.frame({ stroke: '#bbb' }),
      Plot.ruleX([0], { stroke: 'black' }),
      ...parts.flatMap((part) => {
        const dy = part[0]?.nudge ?? 0;
        const colour = dy < 0 ? '#e69f00' : '#0072b2';
        return [
          Plot.link(part, {
            fx: 'set',
            x1: 'least',
            x2: 'most',
            y: 'method',
            dy,
            stroke: colour,
            strokeWidth: 2,
          }),
          Plot.dot(part, { fx: 'set', x: 'gain', y: 'method', dy, symbol: 'when', fill: colour, r: 4.5 }),
        ];
      }),
    ],
  });
  return svgText(svg, 'Gain in test accuracy of each method over a random order, with 95 % intervals over seeds.');
}

/** Mean test accuracy of each method after each epoch; a panel a set. */
export function curvePicture(runs: ReadonlyMap<SetName, RunsByMethod>): string {
  const points = [...runs].flatMap(([set, byMethod]) =>
    [...byMethod].flatMap(([method, own]) =>
      meanCurve(own).map((accuracy, epoch) => ({ set, method, epoch: epoch + 1, accuracy: 100 * accuracy })),
    ),
  );
  const methods = [...new Set(points.map(({ method }) => method))];
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const svg = Plot.plot({
    document,
    width: 900,
    height: 420,
    marginTop: 44,
    marginRight: 20,
    style: { background: 'white', color: 'black', fontSize: '13px' },
    x: { label: 'epoch', ticks: 6 },
    y: { label: 'test accuracy, %', grid: true },
    fx: { label: null, padding: 0.08 },
    color: { domain: methods, range: [...COLOURS] },
    marks: [
      Plot.frame({ stroke: '#bbb' }),
      Plot.line(points, {
        x: 'epoch',
        y: 'accuracy',
        fx: 'set',
        z: 'method',
        stroke: 'method',
        strokeWidth: (point: { method: string }) => (point.method === BASELINE ? 3 : 1.6),
      }),
    ],
  });
  addLegend(document, svg, methods);
  return svgText(svg, 'Mean test accuracy of each method after each epoch.');
}

/** Inside the SVG: Plot's own legend would make it a figure of HTML. */
function addLegend(document: Document, svg: Element, methods: readonly string[]): void {
  const height = Number(svg.getAttribute('height'));
  const room = 30;
  svg.setAttribute('height', String(height + room));
  svg.setAttribute('viewBox', `0 0 900 ${height + room}`);
  let x = 40;
  for (const [i, method] of methods.entries()) {
    const line = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
    for (const [name, value] of Object.entries({ x, y: height + 8, width: 18, height: 4, fill: COLOURS[i] ?? 'black' }))
      line.setAttribute(name, String(value));
    const label = document.createElementNS('http://www.w3.org/2000/svg', 'text');
    for (const [name, value] of Object.entries({ x: x + 24, y: height + 14, fill: 'black' }))
      label.setAttribute(name, String(value));
    label.textContent = method;
    svg.append(line, label);
    x += 44 + 7 * method.length;
  }
}

function svgText(svg: Element, description: string): string {
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', description);
  // Hundredths of a pixel are enough, and half the file.
  return `${svg.outerHTML.replaceAll(/\d+\.\d{3,}/g, (digits) => Number(digits).toFixed(2))}\n`;
}
