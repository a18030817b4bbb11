const KEYS: readonly (readonly [string, string])[] = [
  ['Enter', 'the given label is right'],
  ['1', 'relabel as suggested'],
  ['2 to 9', 'the other classes, in class order'],
  ['/', 'a class by its name'],
  ['X', 'exclude'],
  ['S', 'skip: it comes up again'],
  ['N', 'a note, kept with the decision'],
  ['U', 'undo the last decision'],
  ['← →', 'look back and ahead'],
  ['Esc', 'the gallery'],
  ['?', 'this list'],
];

export function KeyList() {
  return (
    <section class="card keys" aria-label="Keys">
      <dl>
        {KEYS.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
