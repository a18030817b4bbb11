// What the page of detectors lists is what there is.
import { readFileSync } from 'node:fs';
import { allDetectors } from '@vogjs/ood';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const test = suite('the page of detectors');

test('its table lists every detector, in the order of the list, and says of each that is fitted what on', () => {
  const page = readFileSync(new URL('../../docs/ood-detectors.md', import.meta.url), 'utf8');
  const table = page.slice(page.indexOf('| detector | score |'), page.indexOf('| `vogOod`'));
  const rows = [...table.matchAll(/^\| `(\w+)` \|.*\|([^|]*)\|$/gm)].map(([, call, fittedOn]) => [
    call,
    (fittedOn as string).trim() !== '',
  ]);
  assert.equal(
    rows,
    allDetectors.map((make) => [make.definition.call, make().fit !== undefined]),
  );
});

test.run();
