import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { type Reading, STAGES, type ToyResult } from './experiment.js';

/** The points of each stage, coloured by their percentile of VoG in it, with the trained boundary: an SVG file's text. */
export function toyPicture({ blobs, boundary, scores }: ToyResult, reading: Reading): string {
  const points = STAGES.flatMap((stage) =>
    Array.from(scores[reading][stage].percentiles(), (percentile, i) => ({
      stage,
      x: blobs.points[2 * i] ?? 0,
      y: blobs.points[2 * i + 1] ?? 0,
      percentile,
      label: blobs.labels[i] === 0 ? 'class 0' : 'class 1',
    })),
  );
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const svg = Plot.plot({
    document,
    width: 900,
    height: 340,
    marginTop: 44,
    style: { background: 'white', color: 'black', fontSize: '13px' },
    x: { label: null, nice: true, ticks: 5 },
    y: { label: null, nice: true, ticks: 5 },
    fx: { label: null, domain: [...STAGES] },
    color: { scheme: 'viridis', domain: [0, 100] },
    symbol: { domain: ['class 0', 'class 1'], range: ['circle', 'triangle'] },
    marks: [
      Plot.frame({ stroke: '#bbb' }),
      Plot.dot(points, { x: 'x', y: 'y', fx: 'stage', fill: 'percentile', symbol: 'label', r: 3.5 }),
      Plot.link(STAGES, { ...ends(boundary), fx: (stage: string) => stage, stroke: 'black', strokeWidth: 1.5, clip: true }),
    ],
  });
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  svg.setAttribute('role', 'img');
  svg.setAttribute(
    'aria-label',
    `Two clusters and the line between them at three stages; points are coloured by their percentile of VoG of the ${reading}.`,
  );
  return `${svg.outerHTML}\n`;
}

/** Two points of the line far outside of the picture, which clips it. */
function ends({ normal: [a, b], offset }: ToyResult['boundary']): { x1: number; y1: number; x2: number; y2: number } {
  const square = a * a + b * b;
  const [x, y] = [(-a * offset) / square, (-b * offset) / square];
  const [dx, dy] = [(-b * 100) / Math.sqrt(square), (a * 100) / Math.sqrt(square)];
  return { x1: x - dx, y1: y - dy, x2: x + dx, y2: y + dy };
}
