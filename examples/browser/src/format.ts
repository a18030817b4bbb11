export const formatScore = (value: number): string =>
  Number.isNaN(value) ? '–' : value === 0 ? '0' : value < 0.001 ? value.toExponential(1) : value.toPrecision(2);
export const formatPercentile = (value: number): string => (Number.isNaN(value) ? '–' : `p${value.toFixed(1)}`);
export const formatPercent = (share: number): string => (Number.isNaN(share) ? '–' : `${(100 * share).toFixed(0)} %`);
export const formatCount = (count: number): string => count.toLocaleString('en');
