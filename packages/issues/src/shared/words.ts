/** `1 image`, `2 images` */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? singular : plural}`;
}

/** `1 label of 400 (0.3 %) is`, `12 examples of 400 (3 %) are`: how many are flagged. */
export function countedOfAll(flagged: Uint8Array, singular: string, [one, many]: readonly [string, string]): string {
  const count = flagged.reduce((sum, each) => sum + each, 0);
  const all = flagged.length;
  return `${counted(count, singular)} of ${all.toLocaleString('en')} (${percent(count / all)}) ${count === 1 ? one : many}`;
}

/** 0.1234 as `12 %`; below 1 % with a digit. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return 'an unknown share';
  const hundred = 100 * share;
  return `${hundred > 0 && hundred < 1 ? hundred.toFixed(1) : hundred.toFixed(0)} %`;
}

/** Names a class: by its name, or by its number. */
export function classNamer(classNames: readonly string[] | undefined): (label: number) => string {
  return (label) => classNames?.[label] ?? `class ${label}`;
}
