import { main } from '@vogjs/example-shared';
import { classes } from './program.js';

await main(classes);
