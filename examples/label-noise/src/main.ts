import { main } from '@vogjs/example-paper';
import { labelNoise } from './program.js';

await main(labelNoise);
