import { main } from '@vogjs/example-shared';
import { labelErrors } from './program.js';

await main(labelErrors);
