import type { Features } from '@vogjs/run';
import type { ApiNeighbours } from '../../api/types.js';

/** The `count` rows whose features have the largest cosine with those of `row`; rows of zeros or NaN are nobody's. */
export function nearestTo({ data, examples, size }: Features, row: number, count: number): ApiNeighbours {
  const own = data.subarray(row * size, (row + 1) * size);
  const rows: number[] = [];
  const cosines: number[] = [];
  const length = Math.sqrt(own.reduce((sum, value) => sum + value * value, 0));
  if (!(length > 0)) return { rows, cosines };
  for (let other = 0; other < examples; other++) {
    if (other === row) continue;
    let product = 0;
    let square = 0;
    for (let at = 0, from = other * size; at < size; at++, from++) {
      const value = data[from] as number;
      product += value * (own[at] as number);
      square += value * value;
    }
    const cosine = product / (length * Math.sqrt(square));
    if (Number.isNaN(cosine) || (rows.length === count && cosine <= (cosines[count - 1] as number))) continue;
    let place = rows.length;
    while (place > 0 && (cosines[place - 1] as number) < cosine) place--;
    rows.splice(place, 0, other);
    cosines.splice(place, 0, cosine);
    rows.length = Math.min(rows.length, count);
    cosines.length = rows.length;
  }
  return { rows, cosines };
}
