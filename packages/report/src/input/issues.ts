import { VogError } from '@vogjs/core';
import { requireObject, shown } from './checks.js';

/** Something that may be wrong with an example, a class or a group. */
export interface ReportIssue {
  /** Position of the example in the scores; null for a class or a group. */
  readonly index: number | null;
  /** What it is called where it is no example. */
  readonly name?: string | undefined;
  /** A sentence. */
  readonly why: string;
  /** Positions of the examples that it is about too, such as twins. */
  readonly others?: readonly number[] | undefined;
}

/** All that was found of one kind. */
export interface ReportIssues {
  /** A word of small letters: part of the section's address. */
  readonly kind: string;
  readonly title: string;
  /** What was found, in a sentence. */
  readonly says: string;
  /** What somebody should look at, worst first. */
  readonly issues: readonly ReportIssue[];
}

/** @throws VogError ARGUMENT_INVALID */
export function checkIssues(kinds: readonly ReportIssues[], size: number): void {
  const isPosition = (index: unknown): boolean =>
    Number.isInteger(index) && (index as number) >= 0 && (index as number) < size;
  for (const [at, given] of kinds.entries()) {
    requireObject(`issues[${at}]`, given, '{ kind, title, says, issues }');
    const { kind, title, says, issues } = given;
    const isNamed = typeof kind === 'string' && /^[a-z-]+$/.test(kind);
    if (!isNamed || typeof title !== 'string' || typeof says !== 'string' || !Array.isArray(issues)) {
      throw new VogError(
        'ARGUMENT_INVALID',
        `issues[${at}] needs a kind of small letters, a title, says and a list of issues.`,
      );
    }
    for (const [row, issue] of issues.entries()) {
      const { index, why, others = [] } = issue as ReportIssue;
      const isPlaced = index === null || isPosition(index);
      if (isPlaced && typeof why === 'string' && Array.isArray(others) && others.every(isPosition)) continue;
      throw new VogError(
        'ARGUMENT_INVALID',
        `issues[${at}].issues[${row}] needs an index from 0 to ${size - 1} or null, why, and others of such indices; got ${shown(index)}.`,
      );
    }
  }
}

/** @throws VogError ARGUMENT_INVALID for what is no address, or runs a program */
export function checkLinks(links: ArrayLike<string | null>): void {
  if (!(Array.isArray(links) || ArrayBuffer.isView(links))) {
    throw new VogError(
      'ARGUMENT_INVALID',
      `links must be an array, one address or null per example; got ${shown(links)}.`,
    );
  }
  for (let at = 0; at < links.length; at++) {
    const link: unknown = links[at];
    // An address of the page's own folder or of the web; javascript: and its kin are programs.
    if (link === null || (typeof link === 'string' && /^(?:https?:|file:|\.{0,2}\/)/.test(link))) continue;
    throw new VogError(
      'ARGUMENT_INVALID',
      `links[${at}] is ${shown(link)}; each must be null or an address that begins with https:, file:, /, ./ or ../.`,
    );
  }
}
