// Only with --all: one detector takes seconds, and there are thirteen; scoring runs them together
import { suite } from 'uvu';
import { againstGolden, refuses } from '../golden.test.helper.js';
import { vim } from './vim.js';

const test = suite('vim');

againstGolden(test, () => [vim(), vim({ name: 'vim-3', dimensions: 3 })], new URL('vim.golden.json', import.meta.url));

refuses(test, [() => vim({ dimensions: 0 })]);

test.run();
