import { html, type Html } from '../markup/html.js';

/** One tab and what it shows. */
export interface Tab {
  readonly name: string;
  readonly body: Html;
}

/**
 * Tabs without a script: a group of radio buttons, of which the style sheet shows the panel that is chosen. Arrow keys
 * move between tabs, as in any such group; on paper all panels follow one another.
 *
 * @param prefix of the ids, another for each group of the page
 */
export function tabGroup(prefix: string, label: string, tabs: readonly Tab[]): Html {
  return html`<div class="tabs" role="group" aria-label="${label}">
    ${tabs.map(({ name }, index) => html`<input type="radio" name="${prefix}${label.toLowerCase()}" id="${prefix}tab-${index}" aria-label="${name}" ${index === 0 && html` checked`} />`)}
    <div class="tab-list">
      ${tabs.map(({ name }, index) => html`<label for="${prefix}tab-${index}">${name}</label>`)}
    </div>
    ${tabs.map(({ body }, index) => html`<div class="panel" id="${prefix}panel-${index}">${body}</div>`)}
  </div>`;
}

/** The rules that show the chosen panel of a group and mark its tab, for the page's style sheet. */
export function tabRules(count: number, prefix = ''): string {
  if (count === 0) return '';
  const each = (rule: (tab: string, panel: string) => string) =>
    Array.from({ length: count }, (_, index) => rule(`${prefix}tab-${index}`, `${prefix}panel-${index}`)).join(',\n');
  return `
${each((tab, panel) => `#${tab}:checked ~ #${panel}`)} { display: block; }
${each((tab) => `#${tab}:checked ~ .tab-list [for="${tab}"]`)} { background: var(--ink); border-color: var(--ink); color: var(--paper); }
${each((tab) => `#${tab}:focus-visible ~ .tab-list [for="${tab}"]`)} { outline: 3px solid var(--easy); outline-offset: 2px; }
`;
}
