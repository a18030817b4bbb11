import { main } from '@vogjs/example-shared';
import { oodDetection } from './program.js';

await main(oodDetection);
