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
  const square = squareAround(blobs.points);
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const svg = Plot.plot({
    document,
    width: 900,
    height: 340,
    marginTop: 44,
    style: { background: 'white', color: 'black', fontSize: '13px' },
    x: { label: null, ticks: 5, domain: square[0] },
    y: { label: null, ticks: 5, domain: square[1] },
    fx: { label: null, domain: [...STAGES] },
    color: { scheme: 'viridis', domain: [0, 100] },
    symbol: { domain: ['class 0', 'class 1'], range: ['circle', 'triangle'] },
    marks: [
      Plot.frame({ stroke: '#bbb' }),
      Plot.dot(points, { x: 'x', y: 'y', fx: 'stage', fill: 'percentile', symbol: 'label', r: 3.5 }),
      Plot.link(STAGES, {
        ...ends(boundary),
        fx: (stage: string) => stage,
        stroke: 'black',
        strokeWidth: 1.5,
        clip: true,
      }),
    ],
  });
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  svg.setAttribute('role', 'img');
  svg.setAttribute(
    'aria-label',
    `Two clusters and the line between them at three stages; points are coloured by their percentile of VoG of the ${reading}.`,
  );
  // Hundredths of a pixel are enough, and half the file.
  return `${svg.outerHTML.replaceAll(/\d+\.\d{3,}/g, (digits) => Number(digits).toFixed(2))}\n`;
}

/** Ranges of x and y around all points, of one length, so that a distance looks the same in every direction. */
function squareAround(points: Float32Array): [[number, number], [number, number]] {
  const ranges = [0, 1].map((axis) => {
    const values = points.filter((_, i) => i % 2 === axis);
    return [Math.min(...values), Math.max(...values)] as const;
  });
  const half = 0.55 * Math.max(...ranges.map(([least, most]) => most - least));
  return ranges.map(([least, most]) => [(least + most) / 2 - half, (least + most) / 2 + half]) as [
    [number, number],
    [number, number],
  ];
}

/** Two points of the line far outside of the picture, which clips it. */
function ends({ normal: [a, b], offset }: ToyResult['boundary']): { x1: number; y1: number; x2: number; y2: number } {
  const square = a * a + b * b;
  const [x, y] = [(-a * offset) / square, (-b * offset) / square];
  const [dx, dy] = [(-b * 100) / Math.sqrt(square), (a * 100) / Math.sqrt(square)];
  return { x1: x - dx, y1: y - dy, x2: x + dx, y2: y + dy };
}
