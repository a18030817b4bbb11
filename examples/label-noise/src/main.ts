import { main } from '@vogjs/example-shared';
import { labelNoise } from './program.js';

await main(labelNoise);
