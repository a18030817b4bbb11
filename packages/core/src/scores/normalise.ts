/** Values after a z-score within groups, and what the reader of them should know. */
export interface Standardised {
  readonly values: Float32Array;
  readonly notes: readonly string[];
}

interface Group {
  readonly name: string;
  readonly members: number[];
}

/**
 * The z-score of each value within its group, by the population standard deviation (ddof 0), in float64.
 * A group of one finite value, or of equal ones, gets 0 (a note names it). NaN and infinite values count in no mean and
 * no standard deviation and stay as they are.
 *
 * Source: Agarwal, D'souza and Hooker 2022, "Estimating Example Difficulty using Variance of Gradients", normalised
 * VoG; groups are the classes, or one group for the whole data set.
 */
export function standardise(values: Float32Array, groupOf: (index: number) => string): Standardised {
  const groups = new Map<string, Group>();
  const result = values.slice();
  let undefinedCount = 0;
  let infiniteCount = 0;
  for (const [index, value] of values.entries()) {
    if (Number.isFinite(value)) {
      const name = groupOf(index);
      const group = groups.get(name);
      if (group) group.members.push(index);
      else groups.set(name, { name, members: [index] });
    } else if (Number.isNaN(value)) undefinedCount++;
    else infiniteCount++;
  }

  const single: string[] = [];
  const equal: string[] = [];
  for (const { name, members } of groups.values()) {
    const { mean, deviation } = momentsOf(values, members);
    for (const index of members) result[index] = deviation === 0 ? 0 : (values[index]! - mean) / deviation;
    if (members.length === 1) single.push(name);
    else if (deviation === 0) equal.push(name);
  }

  const notes: string[] = [];
  if (single.length > 0) notes.push(`Score 0 for want of a spread, one example only: ${list(single)}.`);
  if (equal.length > 0) notes.push(`Score 0 for want of a spread, all values equal: ${list(equal)}.`);
  if (undefinedCount > 0) notes.push(`${undefinedCount} NaN left out of the mean and standard deviation, still NaN.`);
  if (infiniteCount > 0) {
    notes.push(`${infiniteCount} infinite left out of the mean and standard deviation, still infinite.`);
  }
  return { values: result, notes };
}

function momentsOf(values: Float32Array, members: readonly number[]): { mean: number; deviation: number } {
  let sum = 0;
  for (const index of members) sum += values[index]!;
  const mean = sum / members.length;
  let squares = 0;
  for (const index of members) squares += (values[index]! - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / members.length) };
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 10).join(', ');
  return names.length > 10 ? `${shown} and ${names.length - 10} more` : shown;
}
