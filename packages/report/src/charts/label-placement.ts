/** A point on a chart, in pixels from its top left corner, with the text that names it. */
export interface LabelledPoint {
  readonly left: number;
  readonly top: number;
  readonly text: string;
}

export interface PlacedLabel<Point> {
  readonly point: Point;
  readonly anchor: 'start' | 'end' | 'middle';
  /** Offset of the text from the point, in pixels. */
  readonly dx: number;
  readonly dy: number;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/**
 * A place for each label beside its point where it covers no other label or point, the outermost points first. A label
 * without a free place is left out: with a hundred classes the middle of the cloud keeps its dots and loses its names.
 */
export function placeLabels<Point extends LabelledPoint>(
  points: readonly Point[],
  { width, height, fontSize }: { width: number; height: number; fontSize: number },
): PlacedLabel<Point>[] {
  const gap = 9;
  const taken: Box[] = points.map(({ left, top }) => ({
    left: left - 4,
    right: left + 4,
    top: top - 4,
    bottom: top + 4,
  }));
  const centre = { left: mean(points.map(({ left }) => left)), top: mean(points.map(({ top }) => top)) };
  const distance = ({ left, top }: Point) => Math.hypot(left - centre.left, top - centre.top);
  const placed: PlacedLabel<Point>[] = [];
  for (const point of points.toSorted((first, second) => distance(second) - distance(first))) {
    // A generous guess at the width of a letter; too wide merely leaves more air.
    const textWidth = 0.58 * fontSize * point.text.length;
    const places = [
      { anchor: 'start', dx: gap, dy: 0, left: point.left + gap },
      { anchor: 'end', dx: -gap, dy: 0, left: point.left - gap - textWidth },
      { anchor: 'middle', dx: 0, dy: -fontSize - 1, left: point.left - textWidth / 2 },
      { anchor: 'middle', dx: 0, dy: fontSize + 1, left: point.left - textWidth / 2 },
    ] as const;
    for (const { anchor, dx, dy, left } of places) {
      const top = point.top + dy - fontSize / 2;
      const box = { left, right: left + textWidth, top, bottom: top + fontSize };
      const inside = box.left >= 0 && box.right <= width && box.top >= 0 && box.bottom <= height;
      if (!inside || taken.some((other) => overlaps(box, other))) continue;
      taken.push(box);
      placed.push({ point, anchor, dx, dy });
      break;
    }
  }
  return placed;
}

function overlaps(first: Box, second: Box): boolean {
  return (
    first.left < second.right && second.left < first.right && first.top < second.bottom && second.top < first.bottom
  );
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
