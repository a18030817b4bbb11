import { main } from '@vogjs/example-shared';
import { flip } from './program.js';

await main(flip);
