import { parseHTML } from 'linkedom';
import { Scores } from '@vogjs/core';
import { renderReport } from './difficulty/report.js';
import type { ReportInput } from './input/report.js';

// Test support: a small made-up run with everything in it, and the page as a document.

const size = 60;
const labels = Int32Array.from({ length: size }, (_, example) => example % 3);
const classNames = ['cat', 'dog', 'emu'];

export function scoresOf(
  changes: { values?: Float32Array; window?: string; checkpoints?: number; ids?: string[] } = {},
): Scores {
  return new Scores({
    metric: 'vog',
    column: 'vog',
    window: 'complete',
    hardDirection: 'high',
    checkpoints: 6,
    // Not in order, so that a gallery in order of the examples would show.
    values: Float32Array.from({ length: size }, (_, example) => ((example * 37) % size) + 1 + labels[example]! * 10),
    ids: Array.from({ length: size }, (_, example) => `image-${example}`),
    labels,
    classNames,
    ...changes,
  });
}

export function everything(): ReportInput {
  return {
    title: 'A run with everything',
    scores: scoresOf(),
    windows: {
      early: scoresOf({ window: 'early', checkpoints: 3 }),
      late: scoresOf({ window: 'late', checkpoints: 3 }),
    },
    trueLabels: labels.map((label, example) => (example % 10 === 0 ? (label + 1) % 3 : label)),
    predictions: labels.map((label, example) =>
      example % 7 === 0 || label + (example % 5) > 5 ? (label + 2) % 3 : label,
    ),
    images: { data: Uint8Array.from({ length: size * 16 }, (_, index) => index % 251), shape: [size, 4, 4, 1] },
    figures: [{ label: 'Accuracy', value: '86 %', note: 'on held-out examples' }],
    facts: [{ label: 'Seed', value: 42 }],
    gallerySize: 5,
    classGallerySize: 2,
  };
}

export function render(input: ReportInput): { page: string; document: Document } {
  const page = renderReport(input);
  return { page, document: parseHTML(page).document };
}

/** Text of the first match, or a failure that names the selector. */
export function textOf(document: Document, selector: string): string {
  const element = document.querySelector(selector);
  if (!element) throw new Error(`nothing matches ${selector}`);
  return element.textContent ?? '';
}

export function all(document: Document, selector: string): Element[] {
  return [...document.querySelectorAll(selector)];
}
