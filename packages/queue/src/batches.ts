/** Questions at once. One after the other, those of ten thousand shards would take ten thousand ways to the server. */
const BATCH = 50;

/** Gives a question an end of its own: of many, each batch has as long as one. */
export type Ask = <T>(asked: Promise<T>) => Promise<T>;

/** Asks something of each of many, some at a time; the answers in their order. */
export async function inBatches<T, Answer>(
  all: readonly T[],
  question: (one: T) => Promise<Answer>,
  ask: Ask,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let from = 0; from < all.length; from += BATCH) {
    answers.push(...(await ask(Promise.all(all.slice(from, from + BATCH).map(question)))));
  }
  return answers;
}
