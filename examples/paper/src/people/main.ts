import { main } from '@vogjs/example-shared';
import { people } from './program.js';

await main(people);
