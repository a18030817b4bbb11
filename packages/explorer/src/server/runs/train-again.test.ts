import type { RunManifest } from '@vogjs/run';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { trainAgain } from './train-again.js';

const of = (config: Record<string, unknown>, place = 'runs/a') =>
  trainAgain({ config } as unknown as RunManifest, place, `${place}/corrections.csv`);

test('the command is the one that made the run, with its corrections and a folder of its own', () => {
  const config = {
    data: 'photos',
    layout: 'tfjs',
    network: 'auto',
    epochs: 12,
    batchSize: 64,
    folds: 3,
    out: 'runs/a',
  };
  assert.is(
    of({ ...config, classNames: ['cat', 'dog'] }),
    'npx vogjs score photos --epochs 12 --batch-size 64 --folds 3 --class-names cat,dog ' +
      '--corrections runs/a/corrections.csv --out runs/a-corrected',
  );
});

test('a run of corrected data hands its own corrections on, first', () => {
  assert.match(
    of({ data: 'a.csv', corrections: ['old.csv'] }) ?? '',
    /--corrections old\.csv,runs\/a\/corrections\.csv/,
  );
});

test('names that a shell would read are quoted', () => {
  const command = of({ data: "it's; rm -rf $HOME" }, 'my runs/') ?? '';
  assert.ok(
    command.startsWith(String.raw`npx vogjs score 'it'\''s; rm -rf $HOME' --corrections 'my runs//corrections.csv'`),
    command,
  );
  assert.match(command, /--out 'my runs-corrected'$/);
});

test('what was not trained by the command line has no command', () => {
  assert.is(of({}), null);
  assert.is(of({ logits: 'logits.npy' }), null);
  assert.is(of({ data: 'photos', checkpoints: 'ckpt/*' }), null);
});

test.run();
