import type * as Plot from '@observablehq/plot';

/** A point in the units of the chart's scales. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * Points of one colour as a single path of zero-length strokes with round ends: some ten bytes a point, where a circle
 * element takes eighty.
 */
export function dotsMark(points: readonly Point[], colour: string, diameter: number): Plot.RenderFunction {
  return pathMark(points, (left, top) => `M${left} ${top}h0`, {
    fill: 'none',
    stroke: colour,
    'stroke-width': String(diameter),
    'stroke-linecap': 'round',
    'stroke-opacity': '0.8',
  });
}

/** A thin ring around each point. */
export function ringsMark(points: readonly Point[], radius: number): Plot.RenderFunction {
  const arc = `a${radius} ${radius} 0 1 1`;
  return pathMark(points, (left, top) => `M${left - radius} ${top}${arc} ${2 * radius} 0${arc}${-2 * radius} 0`, {
    fill: 'none',
    stroke: 'var(--ink)',
    'stroke-width': '1',
    'stroke-opacity': '0.55',
  });
}

function pathMark(
  points: readonly Point[],
  segment: (left: number, top: number) => string,
  attributes: Readonly<Record<string, string>>,
): Plot.RenderFunction {
  return (_index, scales, _values, _dimensions, context) => {
    if (points.length === 0) return null;
    const path = context.document.createElementNS('http://www.w3.org/2000/svg', 'path');
    const tenth = (value: number) => Math.round(10 * value) / 10;
    const segments = points.map(({ x, y }) => segment(tenth(scales.x!(x)), tenth(scales.y!(y))));
    for (const [name, value] of Object.entries(attributes)) path.setAttribute(name, value);
    path.setAttribute('d', segments.join(''));
    return path as SVGPathElement;
  };
}
