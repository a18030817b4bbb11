import { main } from '@vogjs/example-shared';
import { cleaningExample } from './program.js';

await main(cleaningExample);
