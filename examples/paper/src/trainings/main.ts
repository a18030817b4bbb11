import { main } from '@vogjs/example-shared';
import { trainings } from './program.js';

await main(trainings);
