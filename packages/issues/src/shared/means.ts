/** Mean of the columns that have a number for an example; NaN where none has. `[N]` */
export function meanOf(columns: readonly ArrayLike<number>[], size: number): Float64Array {
  return Float64Array.from({ length: size }, (_, i) => {
    let sum = 0;
    let count = 0;
    for (const column of columns) {
      if (Number.isNaN(column[i])) continue;
      sum += column[i]!;
      count++;
    }
    return sum / count;
  });
}
