import { useEffect, useRef, useState } from 'preact/hooks';
import { NO_FILTER } from '../model/view.js';
import { sortable, sortColumn } from '../state/axes.js';
import { SHOWN, shown } from '../state/rows.js';
import { facts } from '../state/run-state.js';
import { show, view } from '../state/view-state.js';
import { Bulk } from './bulk.js';
import { Charts, Ranges } from './charts.js';
import { Tile } from './tile.js';
import { useGrid } from './use-grid.js';

/** All rows that pass the filters, drawn as far as they are in sight. */
export function Gallery() {
  const rows = shown.value;
  const [active, setActive] = useState(0);
  const scroller = useRef<HTMLDivElement>(null);
  const { columns, height, first, last, drawn } = useGrid(scroller, rows.length);
  const at = Math.min(active, Math.max(0, rows.length - 1));
  const go = (next: number): void => setActive(Math.max(0, Math.min(rows.length - 1, next)));

  // Who goes with the keys sees where.
  useEffect(() => {
    const { current } = scroller;
    if (current === null || rows.length === 0) return;
    const top = Math.floor(at / columns) * height;
    if (top < current.scrollTop) current.scrollTop = top;
    else if (top + height > current.scrollTop + current.clientHeight) {
      current.scrollTop = top + height - current.clientHeight;
    }
  }, [at]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / height)) * columns;
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: at - 1,
      ArrowRight: at + 1,
      ArrowUp: at - columns,
      ArrowDown: at + columns,
      PageUp: at - page,
      PageDown: at + page,
      Home: 0,
      End: rows.length - 1,
    };
    const next = steps[event.key];
    if (event.key === 'Enter' && rows.length > 0) show({ row: rows[at] as number }, true);
    else if (next !== undefined) go(next);
    else return;
    event.preventDefault();
  };

  // One listener for all tiles: those that stay in sight are not drawn again.
  const onClick = (event: MouseEvent): void => {
    const tile = (event.target as Element).closest<HTMLElement>('.tile');
    if (tile === null) return;
    const row = Number(tile.id.slice('row-'.length));
    setActive(rows.indexOf(row));
    show({ row }, true);
  };
  return (
    <main id="main" class="gallery">
      <Charts />
      <div class="bar">
        <h1>
          {rows.length.toLocaleString('en')} <small>of {facts.value?.examples.toLocaleString('en') ?? 0} shown</small>
        </h1>
        <Ranges />
        <Bulk />
        <button disabled={rows.length === 0} onClick={() => show({ tab: 'review', queue: SHOWN, row: null }, true)}>
          Review one by one
        </button>
        <Order />
      </div>
      {rows.length === 0 && facts.value !== null && (
        <p class="empty">
          No example passes these filters. <button onClick={() => show({ filter: NO_FILTER })}>Take them off</button>
        </p>
      )}
      <div
        ref={scroller}
        class="scroller"
        hidden={rows.length === 0}
        role="listbox"
        aria-label="Examples: arrows move, Enter opens"
        aria-activedescendant={rows.length > 0 ? `row-${rows[at]}` : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        <div
          class="sheet"
          role="presentation"
          onClick={onClick}
          style={{ height: `${Math.ceil(rows.length / columns) * height}px` }}
        >
          {Array.from(rows.subarray(first, last), (row, i) => (
            <Tile
              // By its place in the window: who comes into sight takes over the tile, and its canvas, of who leaves.
              key={(first + i) % drawn}
              row={row}
              place={first + i}
              total={rows.length}
              active={first + i === at}
              left={((first + i) % columns) / columns}
              top={Math.floor((first + i) / columns) * height}
              width={1 / columns}
            />
          ))}
        </div>
      </div>
    </main>
  );
}

function Order() {
  const { easiestFirst } = view.value;
  const value = `${sortColumn.value?.name ?? ''} ${easiestFirst ? 'easiest' : 'hardest'}`;
  return (
    <label class="order">
      Order{' '}
      <select
        value={value}
        onChange={(event) => {
          const [, name = '', first] = /^(.*) (hardest|easiest)$/.exec(event.currentTarget.value) ?? [];
          show({ sort: name, easiestFirst: first === 'easiest' });
        }}
      >
        {sortable.value.flatMap(({ name }) =>
          ['hardest', 'easiest'].map((first) => (
            <option key={`${name} ${first}`} value={`${name} ${first}`}>
              {name}, {first} first
            </option>
          )),
        )}
      </select>
    </label>
  );
}
