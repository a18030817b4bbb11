import { main } from '@vogjs/example-shared';
import { training } from './program.js';

await main(training);
