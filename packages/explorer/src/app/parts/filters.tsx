import { STANDINGS } from '../model/filter.js';
import { NO_FILTER } from '../model/view.js';
import { counts, queues } from '../state/rows.js';
import { className, classNames, labels, sets } from '../state/run-state.js';
import { show, view } from '../state/view-state.js';
import { ISSUE_WORDS, SIDE_SIGNS, STANDING_WORDS } from './words.js';

/** What is shown; beside each choice how many it would show within all other filters. */
export function Filters() {
  const { filter } = view.value;
  const set = (changes: Partial<typeof filter>): void => show({ filter: { ...filter, ...changes } });
  const { kinds, standings, classes: asked, ranges, lassos, text } = filter;
  const open = text !== '' || [kinds, standings, asked, filter.sets, ranges, lassos].some((list) => list.length > 0);
  const classes = classNames.value ?? [];
  return (
    <aside class="filters" aria-label="Filters">
      <details open={!matchMedia('(max-width: 48rem)').matches}>
        <summary>Filters</summary>
        <button class="link" disabled={!open} onClick={() => show({ filter: NO_FILTER })}>
          Clear all
        </button>
        <label class="search">
          Name or id
          <input type="search" value={filter.text} onInput={(event) => set({ text: event.currentTarget.value })} />
        </label>
        {sets.value.length > 0 && (
          <fieldset>
            <legend>Set</legend>
            {sets.value.map(({ name, side }, at) => (
              <Choice
                key={name}
                name={name}
                sign={SIDE_SIGNS[side]}
                count={counts.value?.sets[at] ?? 0}
                checked={filter.sets.includes(at)}
                onChange={() => set({ sets: toggled(filter.sets, at) })}
              />
            ))}
          </fieldset>
        )}
        {queues.value.size > 0 && (
          <fieldset>
            <legend>Issue</legend>
            {[...queues.value.keys()].map((kind) => (
              <Choice
                key={kind}
                name={ISSUE_WORDS[kind]?.name ?? kind}
                sign={ISSUE_WORDS[kind]?.sign ?? ''}
                count={counts.value?.kinds.get(kind) ?? 0}
                checked={filter.kinds.includes(kind)}
                onChange={() => set({ kinds: toggled(filter.kinds, kind) })}
              />
            ))}
          </fieldset>
        )}
        <fieldset>
          <legend>Decision</legend>
          {STANDINGS.map((standing) => (
            <Choice
              key={standing}
              {...STANDING_WORDS[standing]}
              count={counts.value?.standings.get(standing) ?? 0}
              checked={filter.standings.includes(standing)}
              onChange={() => set({ standings: toggled(filter.standings, standing) })}
            />
          ))}
        </fieldset>
        {labels.value !== null && classes.length > 0 && (
          <fieldset>
            <legend>Given class</legend>
            {classes.map((_, label) => (
              <Choice
                key={label}
                name={className(label)}
                sign=""
                count={counts.value?.classes.get(label) ?? 0}
                checked={filter.classes.includes(label)}
                onChange={() => set({ classes: toggled(filter.classes, label) })}
              />
            ))}
          </fieldset>
        )}
      </details>
    </aside>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly sign: string;
  readonly count: number;
  readonly checked: boolean;
  readonly onChange: () => void;
}

function Choice({ name, sign, count, checked, onChange }: ChoiceProps) {
  return (
    <label class={count === 0 && !checked ? 'choice none' : 'choice'}>
      <input type="checkbox" checked={checked} onChange={onChange} />
      <span class="sign" aria-hidden="true">
        {sign}
      </span>
      <span class="name">{name}</span>
      <span class="count">{count.toLocaleString('en')}</span>
    </label>
  );
}

function toggled<T>(list: readonly T[], value: T): readonly T[] {
  return list.includes(value) ? list.filter((each) => each !== value) : [...list, value];
}
