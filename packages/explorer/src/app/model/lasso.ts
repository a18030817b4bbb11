import type { Lasso, MapKind } from './filter.js';
import { MAPS } from './filter.js';

/** Where rows lie on a map, shares from the left and from the bottom, `[N]` each; NaN for rows that are not on it. */
export interface Places {
  readonly x: Float32Array;
  readonly y: Float32Array;
}

/** Corners that an address holds at most. */
const MOST = 48;

/** Of each row, whether it lies in the region: by the crossings of a ray (Shimrat 1962, Communications of the ACM 5). */
export function rowsInside({ x, y }: Places, { points }: Pick<Lasso, 'points'>): Uint8Array {
  const result = new Uint8Array(x.length);
  for (let at = 0; at < points.length; at += 2) {
    const from = (at === 0 ? points.length : at) - 2;
    const [ax, ay] = [points[from] as number, points[from + 1] as number];
    const [bx, by] = [points[at] as number, points[at + 1] as number];
    const slope = (bx - ax) / (by - ay);
    for (let row = 0; row < result.length; row++) {
      const height = y[row] as number;
      if (ay > height !== by > height && (x[row] as number) < ax + slope * (height - ay)) result[row]! ^= 1;
    }
  }
  return result;
}

/** A rectangle as a region; its edges mean all that lies on them and beyond. */
export function boxOf(a: { x: number; y: number }, b: { x: number; y: number }): number[] {
  const out = (place: number): number => (place <= 0 ? -0.01 : place >= 1 ? 1.01 : place);
  const [left, right] = [out(Math.min(a.x, b.x)), out(Math.max(a.x, b.x))];
  const [low, high] = [out(Math.min(a.y, b.y)), out(Math.max(a.y, b.y))];
  return [left, low, right, low, right, high, left, high].map(rounded);
}

/** Drawn corners, few enough for an address. */
export function thinned(points: readonly number[]): number[] {
  const corners = points.length / 2;
  const kept = Math.min(corners, MOST);
  return Array.from({ length: kept }, (_, at) => Math.floor((at * corners) / kept)).flatMap((corner) => [
    rounded(points[2 * corner] as number),
    rounded(points[2 * corner + 1] as number),
  ]);
}

const rounded = (place: number): number => Math.round(1000 * place) / 1000;

/** `map~across~upwards~x_y_x_y…`, thousandths. */
export function encodeLasso({ map, across, upwards, points }: Lasso): string {
  const names = [across, upwards].map(encodeURIComponent).map((name) => name.replaceAll('~', '%7E'));
  return [map, ...names, points.map((place) => Math.round(1000 * place)).join('_')].join('~');
}

export function decodeLasso(text: string): Lasso[] {
  const [kind, across = '', upwards = '', corners = ''] = text.split('~');
  const map = MAPS.find((each): each is MapKind => each === kind);
  const points = corners.split('_').map((place) => (/^-?\d{1,4}$/.test(place) ? Number(place) / 1000 : Number.NaN));
  if (map === undefined || points.length < 6 || points.length > 2 * MOST || points.length % 2 === 1) return [];
  if (points.some(Number.isNaN)) return [];
  try {
    return [{ map, across: decodeURIComponent(across), upwards: decodeURIComponent(upwards), points }];
  } catch {
    return [];
  }
}
