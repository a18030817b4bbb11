import { main } from '../shared/command.js';
import { classes } from './program.js';

await main(classes);
