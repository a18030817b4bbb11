import { main } from '@vogjs/example-shared';
import { toy } from './program.js';

await main(toy);
