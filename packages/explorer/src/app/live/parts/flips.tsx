import type { Flips as FlipsTold } from '@vogjs/run/record';
import type { Around } from './hardest.js';

/** Examples that were easy early and are hard late: learned, and forgotten again. */
export function Flips({
  flips,
  picture,
  className,
}: { readonly flips: FlipsTold } & Pick<Around, 'picture' | 'className'>) {
  const { early, late, count, first } = flips;
  return (
    <section class="card" aria-labelledby="flips-title">
      <h2 id="flips-title">Flips, early to late</h2>
      <p class="note">
        {count === 0
          ? `No example of the easy half at ${early} is among the hardest tenth ${late === 'now' ? 'now' : `in ${late}`}.`
          : `${count.toLocaleString('en')} of the easy half at ${early} ${count === 1 ? 'is' : 'are'} among the hardest tenth ${late === 'now' ? 'now' : `in ${late}`}`}
      </p>
      <ol class="flips">
        {first.slice(0, 6).map(({ row, id, label, from, to }) => (
          <li key={row}>
            {picture(row)}
            <span>
              <strong>{label === null ? String(id) : className(label)}</strong>
              {label !== null && <span class="note id"> {String(id)}</span>}
              <span class="note rank">
                rank {from.toLocaleString('en')} → {to.toLocaleString('en')}
              </span>
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
