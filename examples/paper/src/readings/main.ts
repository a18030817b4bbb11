import { main } from '@vogjs/example-shared';
import { readings } from './program.js';

await main(readings);
