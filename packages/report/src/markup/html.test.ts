import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { html, trusted } from './html.js';

const test = suite('html');

test('what is put into a template is text, in elements and in attributes', () => {
  const evil = `"><img src=x onerror=alert('1')>&amp;\``;
  const { markup } = html`<p title="${evil}">${evil}</p>`;
  assert.not.match(markup, '<img');
  assert.is(markup.match(/"/g)!.length, 2);
  assert.match(markup, '&#38;amp;');
});

test('templates nest, lists join, indentation goes, and null, undefined and false leave nothing', () => {
  const items = ['a', '<b>'].map((text) => html`<li>${text}</li>`);
  assert.is(
    html`<ul>
      ${items}${null}${undefined}${false}${0}
    </ul>`.markup,
    '<ul>\n<li>a</li><li>&#60;b&#62;</li>0\n</ul>',
  );
});

test('only trusted markup passes as it is', () => {
  assert.is(html`${trusted('<svg></svg>')}`.markup, '<svg></svg>');
});

test.run();
