/** Edge of the square tiles of {@link transposeInto}: source and target tile both stay in the first-level cache. */
const TILE = 16;

/** A matrix inside a longer array: where it starts and how far its rows are apart. */
export interface MatrixView {
  readonly values: Float32Array;
  readonly start: number;
  readonly stride: number;
}

/** Writes the transpose of `source`, a [rows, columns] matrix, to `target`, [columns, rows], tile by tile. */
export function transposeInto(source: MatrixView, rows: number, columns: number, target: MatrixView): void {
  const read = source.values;
  const write = target.values;
  for (let top = 0; top < rows; top += TILE) {
    const bottom = Math.min(rows, top + TILE);
    for (let left = 0; left < columns; left += TILE) {
      const right = Math.min(columns, left + TILE);
      for (let column = left; column < right; column++) {
        let from = source.start + top * source.stride + column;
        let to = target.start + column * target.stride + top;
        for (let row = top; row < bottom; row++, from += source.stride) write[to++] = read[from]!;
      }
    }
  }
}
