const SIDE = 22;
const [LEFT, TOP] = [64, 8];

/** How many examples of each tenth before are in each tenth after; darker is more, and the share stands in the cell. */
export function Tenths({ counts }: { readonly counts: readonly number[] }) {
  const rows = Array.from({ length: 10 }, (_, from) => counts.slice(10 * from, 10 * from + 10));
  const shares = rows.map((row) => {
    const whole = row.reduce((sum, count) => sum + count, 0);
    return row.map((count) => (whole === 0 ? 0 : count / whole));
  });
  const stayed = counts.filter((_, at) => Math.abs(Math.floor(at / 10) - (at % 10)) <= 1);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const near = sum(counts) === 0 ? 0 : sum(stayed) / sum(counts);
  return (
    <svg
      class="tenths"
      viewBox={`0 0 ${LEFT + 10 * SIDE + 4} ${TOP + 10 * SIDE + 34}`}
      role="img"
      aria-label={`${(100 * near).toFixed(0)} % of the examples lie in the same tenth of the ranks as before, or in the next one`}
    >
      {shares.map((row, from) =>
        row.map((share, to) => (
          <g key={`${from} ${to}`}>
            <rect
              x={LEFT + to * SIDE}
              y={TOP + (9 - from) * SIDE}
              width={SIDE - 1}
              height={SIDE - 1}
              rx={2}
              class={from === to ? 'stayed' : ''}
              style={{ fillOpacity: share === 0 ? 0.06 : 0.15 + 0.85 * share }}
            />
            {share >= 0.095 && (
              <text
                x={LEFT + (to + 0.5) * SIDE - 0.5}
                y={TOP + (9.5 - from) * SIDE + 4}
                text-anchor="middle"
                class={share > 0.55 ? 'on-dark' : ''}
              >
                {(100 * share).toFixed(0)}
              </text>
            )}
          </g>
        )),
      )}
      <text x={LEFT - 6} y={TOP + 12} text-anchor="end">
        hard
      </text>
      <text x={LEFT - 6} y={TOP + 5 * SIDE + 4} text-anchor="end" class="name">
        before
      </text>
      <text x={LEFT - 6} y={TOP + 10 * SIDE - 6} text-anchor="end">
        easy
      </text>
      <text x={LEFT} y={TOP + 10 * SIDE + 16}>
        easy
      </text>
      <text x={LEFT + 5 * SIDE} y={TOP + 10 * SIDE + 16} text-anchor="middle" class="name">
        after
      </text>
      <text x={LEFT + 10 * SIDE} y={TOP + 10 * SIDE + 16} text-anchor="end">
        hard
      </text>
      <text x={LEFT + 5 * SIDE} y={TOP + 10 * SIDE + 31} text-anchor="middle">
        % of each row
      </text>
    </svg>
  );
}
