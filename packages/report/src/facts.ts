import type { Context, Section } from './context.js';
import { html } from './html.js';

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
    body: html`<dl class="facts">
      ${facts.map(
        ({ label, value }) =>
          html`<div>
            <dt>${label}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>`,
  };
}
