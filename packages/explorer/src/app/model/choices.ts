/** A class that a row can be given, and the key that gives it. */
export interface Choice {
  readonly label: number;
  /** '1' to '9'; null for classes beyond: they are found by name. */
  readonly key: string | null;
}

/** The suggested class is 1; the others follow in class order, the given one left out. */
export function choicesOf(classes: number, given: number | undefined, suggested: number | undefined): Choice[] {
  const others = Array.from({ length: classes }, (_, label) => label).filter(
    (label) => label !== given && label !== suggested,
  );
  // Without a suggestion, 1 gives nothing: nobody should relabel by a key that usually means something else.
  const first = suggested === undefined || suggested === given ? [] : [suggested];
  return [
    ...first.map((label) => ({ label, key: '1' })),
    ...others.map((label, at) => ({ label, key: at < 8 ? String(at + 2) : null })),
  ];
}

/** Classes whose name has the text, those that begin with it first. */
export function findClasses(names: readonly string[], text: string): number[] {
  const asked = text.trim().toLowerCase();
  if (asked === '') return [];
  const found = names.flatMap((name, label) => {
    const at = name.toLowerCase().indexOf(asked);
    return at === -1 ? [] : [{ label, begins: at === 0 }];
  });
  return found.toSorted((a, b) => Number(b.begins) - Number(a.begins)).map(({ label }) => label);
}
