/**
 * The shortest decimal, as a double, that rounds to this float32: 0.1 rather than 0.10000000149011612, so that tables
 * and files are short and still read back to the same bits. `Math.fround(shortestDecimal(x)) === x`.
 */
export function shortestDecimal(value: number): number {
  if (!Number.isFinite(value) || Number.isInteger(value)) return value;
  // Six digits always survive a float32, nine always identify one (IEEE 754-2019, 5.12.2).
  for (let digits = 6; digits < 9; digits++) {
    const decimal = Number(value.toPrecision(digits));
    if (Math.fround(decimal) === value) return decimal;
  }
  return Number(value.toPrecision(9));
}

/** That decimal as text, which keeps the sign of -0 too. */
export function decimalText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(shortestDecimal(value));
}
