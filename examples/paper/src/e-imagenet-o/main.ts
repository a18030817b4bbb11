import { main } from '@vogjs/example-shared';
import { percentilesOfOod } from './program.js';

await main(percentilesOfOod);
