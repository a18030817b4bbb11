import { main } from '@vogjs/example-shared';
import { memorised } from './program.js';

await main(memorised);
