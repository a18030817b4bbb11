import { useRef, useState } from 'preact/hooks';
import { choicesOf, findClasses } from '../model/choices.js';
import { decide, type Decided, readOnly, takeBack, wordsOf } from '../state/decide.js';
import { className, classNames, decisions, facts, suggestionOf } from '../state/run-state.js';
import { useKeys } from './use-keys.js';

interface DecideProps {
  readonly row: number;
  /** The issue that is looked at. */
  readonly kind: string | undefined;
  readonly onDecided: () => void;
}

/** What may be decided about a row: buttons, and the keys that they name. */
export function Decide({ row, kind, onDecided }: DecideProps) {
  const [written, write] = useState({ row, note: '' });
  // Who goes on to another example leaves the note behind.
  const note = written.row === row ? written.note : '';
  const noteField = useRef<HTMLInputElement>(null);
  const given = facts.value?.labels?.[row];
  const suggested = suggestionOf(row);
  const choices = choicesOf(classNames.value?.length ?? 0, given, suggested);
  const standing = decisions.value.get(row);

  const take = async (choice: Decided): Promise<void> => {
    const said = { ...choice, ...(note === '' ? {} : { note }), ...(kind === undefined ? {} : { kind }) };
    if (!(await decide(row, said))) return;
    write((now) => (now.row === row ? { row, note: '' } : now));
    onDecided();
  };
  useKeys({
    Enter: () => void take({ decision: 'confirm' }),
    x: () => void take({ decision: 'exclude' }),
    s: () => void take({ decision: 'skip' }),
    n: () => noteField.current?.focus(),
    '/': () => document.getElementById('class-by-name')?.focus(),
    ...Object.fromEntries(
      choices.flatMap(({ key, label }) =>
        key === null ? [] : [[key, () => void take({ decision: 'relabel', label })] as const],
      ),
    ),
  });
  if (readOnly()) return <p class="notice">The explorer was started read-only: nothing can be decided.</p>;
  const [first, ...others] = choices;
  const hasSuggestion = first?.key === '1';
  return (
    <section class="decide" aria-label="Decide">
      {standing !== undefined && <p class="note">Decided: {wordsOf(standing)}.</p>}
      <div class="dock">
        <div class="pair">
          <div class="card">
            <p>Given label</p>
            <strong class="big">{className(given)}</strong>
            <button onClick={() => void take({ decision: 'confirm' })} aria-keyshortcuts="Enter">
              Confirm <kbd>↵</kbd>
            </button>
          </div>
          {hasSuggestion && (
            <div class="card suggested">
              <p>Suggested label</p>
              <strong class="big">{className(first.label)}</strong>
              <button
                class="primary"
                onClick={() => void take({ decision: 'relabel', label: first.label })}
                aria-keyshortcuts="1"
              >
                Relabel {className(first.label)} <kbd>1</kbd>
              </button>
            </div>
          )}
        </div>
        <div class="acts">
          <button onClick={() => void take({ decision: 'exclude' })} aria-keyshortcuts="x">
            Exclude <kbd>X</kbd>
          </button>
          <button onClick={() => void take({ decision: 'skip' })} aria-keyshortcuts="s">
            Skip <kbd>S</kbd>
          </button>
          <button disabled={standing === undefined} onClick={() => void takeBack(row)}>
            Take back
          </button>
        </div>
      </div>
      {choices.length > 0 && (
        <>
          <h3>Another class</h3>
          <div class="classes">
            {(hasSuggestion ? others : choices)
              .filter(({ key }) => key !== null)
              .map(({ label, key }) => (
                <button
                  key={label}
                  onClick={() => void take({ decision: 'relabel', label })}
                  aria-keyshortcuts={key as string}
                >
                  <kbd>{key}</kbd> {className(label)}
                </button>
              ))}
          </div>
          <ByName onChoose={(label) => void take({ decision: 'relabel', label })} />
        </>
      )}
      <label class="note-field">
        <span>
          Note <kbd>N</kbd>
        </span>
        <input
          ref={noteField}
          value={note}
          placeholder="kept with the decision"
          onInput={(event) => write({ row, note: event.currentTarget.value })}
          onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
        />
      </label>
    </section>
  );
}

/** Classes by typing: Enter takes the first that fits. */
function ByName({ onChoose }: { readonly onChoose: (label: number) => void }) {
  const [text, setText] = useState('');
  const found = findClasses(classNames.value ?? [], text).slice(0, 6);
  const choose = (label: number | undefined): void => {
    if (label === undefined) return;
    setText('');
    onChoose(label);
  };
  return (
    <div class="by-name">
      <label>
        <span>
          Class by name <kbd>/</kbd>
        </span>
        <input
          id="class-by-name"
          type="search"
          value={text}
          autocomplete="off"
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') {
              event.preventDefault();
              event.currentTarget.blur();
              choose(found[0]);
            }
            if (event.key === 'Escape') event.currentTarget.blur();
          }}
        />
      </label>
      {found.map((label) => (
        <button key={label} onClick={() => choose(label)}>
          {className(label)}
        </button>
      ))}
    </div>
  );
}
