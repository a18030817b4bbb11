import { definitions } from '../markup/definitions.js';
import type { Section } from '../page/section.js';
import type { Context } from './context.js';

/** Where the numbers come from: enough to run it again. */
export function factsSection({ input, scores }: Context): Section {
  const own = [
    { label: 'Metric', value: scores.metric },
    { label: 'Window', value: scores.window },
    { label: 'Checkpoints', value: scores.checkpoints },
  ];
  const given = input.facts ?? [];
  const facts = [...own.filter(({ label }) => !given.some((fact) => fact.label === label)), ...given];
  return {
    id: 'run',
    title: 'The run',
    body: definitions(
      'facts',
      facts.map(({ label, value }) => [label, String(value)]),
    ),
  };
}
